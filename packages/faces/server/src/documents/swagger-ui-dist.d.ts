/** What is used of a package that comes without types. */
declare module "swagger-ui-dist/absolute-path.js" {
  /** The folder that holds the page's files. */
  function absolutePath(): string;
  export = absolutePath;
}

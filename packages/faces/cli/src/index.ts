/** The command line as a function, for tests and for those who run it inside another process. */
export type { CliIo, Output } from "./cli-io.ts";
export { runCli } from "./run-cli.ts";

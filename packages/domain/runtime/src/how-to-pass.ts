/** The end of each sentence about what a bundle was not given. */

/** How to give `open` an export of a subpath; `option` is what to write in its options, where not the name alone. */
export function howToPass(name: string, subpath: string, option = name): string {
  return `import { ${name} } from "colophon/${subpath}" and pass ${option} to open()`;
}

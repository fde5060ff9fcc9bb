/** The pattern that finds the sources which say a name, to look into no others. */

const SYNTAX = /[\^$\\.*+?()[\]{}|/]/g;

/** Finds any of the names, each as a whole word: of letters of any script, and of whatever a file's name may hold. */
export function namePattern(...names: readonly string[]): RegExp {
  const said = names.map((name) => name.replaceAll(SYNTAX, "\\$&")).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}_$])(?:${said})(?![\\p{L}\\p{N}_$])`, "u");
}

/** What each import of the package may weigh: minified with all it pulls in, gzip level 9, in bytes. */

export interface SizeBudget {
  /** The import as an application writes it. */
  readonly name: string;
  /** The file of the package that it leads to. */
  readonly file: string;
  /** The names that the application takes; all of them when left out. */
  readonly take?: readonly string[];
  /** More than this fails the build. */
  readonly bytes: number;
  /** What it is meant to come down to, where it is not there yet. */
  readonly goal?: number;
}

export const SIZE_BUDGETS: readonly SizeBudget[] = [
  { name: "colophon (core, as on an edge runtime)", file: "edge.js", bytes: 25_500, goal: 15_000 },
  { name: "colophon (under Node)", file: "node.js", bytes: 50_000 },
  {
    name: "colophon, definePrompt alone",
    file: "node.js",
    take: ["definePrompt"],
    bytes: 11_500,
  },
  { name: "colophon/embedded", file: "embedded.js", bytes: 48_000 },
  { name: "colophon/testing", file: "testing.js", bytes: 25_000 },
];

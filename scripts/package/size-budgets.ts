/** What each import of the package may weigh: minified with all it pulls in, gzip level 9, in bytes. */

export interface SizeBudget {
  /** The import as an application writes it. */
  readonly name: string;
  /** The file of the package that it leads to. */
  readonly file: string;
  /** Files that the application imports besides. */
  readonly also?: readonly string[];
  /** The names that the application takes; all of them when left out. */
  readonly take?: readonly string[];
  /** More than this fails the build. */
  readonly bytes: number;
}

export const SIZE_BUDGETS: readonly SizeBudget[] = [
  { name: "colophon (core, as on an edge runtime)", file: "edge/edge.js", bytes: 15_000 },
  { name: "colophon/recorder", file: "edge/recorder.js", bytes: 11_000 },
  { name: "colophon/fallback", file: "edge/fallback.js", bytes: 2_450 },
  { name: "colophon/shadow", file: "edge/shadow.js", bytes: 3_000 },
  { name: "colophon/openai", file: "edge/openai.js", bytes: 5_400 },
  { name: "colophon/anthropic", file: "edge/anthropic.js", bytes: 4_500 },
  { name: "colophon/ai", file: "edge/ai.js", bytes: 5_400 },
  { name: "colophon/serverless", file: "edge/serverless.js", bytes: 1_700 },
  { name: "colophon/telemetry", file: "edge/telemetry.js", bytes: 3_200 },
  {
    // What they share counts once.
    name: "core, recorder, openai and serverless together",
    file: "edge/edge.js",
    also: ["edge/recorder.js", "edge/openai.js", "edge/serverless.js"],
    bytes: 30_000,
  },
  { name: "colophon (under Node)", file: "node.js", bytes: 89_500 },
  {
    name: "colophon, definePrompt alone",
    file: "node.js",
    take: ["definePrompt"],
    bytes: 11_000,
  },
  { name: "colophon/embedded", file: "embedded.js", bytes: 76_500 },
  { name: "colophon/testing", file: "testing.js", bytes: 41_500 },
];

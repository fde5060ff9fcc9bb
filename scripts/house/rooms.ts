/** The direction table of the house: which room may import which, and what to do instead of a forbidden import. */

export interface Room {
  readonly directory: RegExp;
  /** Directories of the workspace packages that this room may import. */
  readonly mayImport: readonly RegExp[];
  /** Ends the sentence of a forbidden import. */
  readonly instead: string;
  /** Files of the room that may import some subpaths more. */
  readonly doors?: readonly { readonly files: RegExp; readonly specifiers: readonly string[] }[];
  /** Subpaths of which only types may be imported. */
  readonly typesOf?: readonly string[];
  /** Runs on any platform: no `node:*` module, no npm package. */
  readonly isPure?: true;
}

const KERNEL = /^packages\/kernel$/;
const METHODS = /^packages\/methods$/;
const RUNTIME = /^packages\/domain\/runtime$/;
const DOMAIN = /^packages\/domain\/[^/]+$/;
const ADAPTERS = /^packages\/adapters\/[^/]+$/;
const HARNESS = /^packages\/harness$/;
const SDK = /^packages\/faces\/sdk$/;
const STUDIO = /^packages\/faces\/studio$/;
const CLI = /^packages\/faces\/cli$/;
const SERVER = /^packages\/faces\/server$/;
const FACES = /^packages\/faces\/[^/]+$/;
const SIMULATOR = /^packages\/simulator$/;
const TESTKIT = /^packages\/testkit$/;

/** The first room whose directory matches is the one that counts. */
export const ROOMS: readonly Room[] = [
  {
    directory: KERNEL,
    mayImport: [],
    isPure: true,
    instead:
      "the kernel imports nothing: move the code to the room that needs it, or let that room pass the value in",
  },
  {
    directory: METHODS,
    mayImport: [KERNEL],
    instead: "methods import @colophon/kernel alone: take what is needed as a parameter",
  },
  {
    directory: RUNTIME,
    mayImport: [KERNEL],
    isPure: true,
    instead:
      "the runtime runs inside users' applications and imports @colophon/kernel alone: state a port in the kernel and let the harness or the SDK fill it",
  },
  {
    directory: DOMAIN,
    mayImport: [KERNEL, METHODS],
    instead:
      "a domain package imports @colophon/kernel and @colophon/methods, never another domain package: meet through a record of the kernel, or through a port that the harness fills",
  },
  {
    directory: ADAPTERS,
    mayImport: [KERNEL],
    instead:
      "an adapter imports @colophon/kernel alone: implement a port of the kernel, or move the rule into a domain package",
  },
  {
    directory: HARNESS,
    mayImport: [KERNEL, METHODS, DOMAIN, ADAPTERS],
    instead:
      "the harness imports the kernel, methods, domain packages and adapters: let the face call the harness instead",
  },
  {
    directory: SDK,
    mayImport: [KERNEL, RUNTIME],
    doors: [
      {
        files: /^src\/(embedded|node)\.ts$|^src\/embedded\//,
        specifiers: ["@colophon/authoring/registration", "@colophon/storage/sqlite/core"],
      },
      {
        files: /^src\/remote\//,
        specifiers: ["@colophon/authoring/registration", "@colophon/storage/spool"],
      },
      { files: /^src\/testing\.ts$/, specifiers: ["@colophon/storage/memory"] },
    ],
    instead:
      "the SDK imports @colophon/kernel and @colophon/runtime; only src/node.ts, src/embedded.ts and src/embedded/ may also import @colophon/authoring/registration and @colophon/storage/sqlite/core, src/remote/ @colophon/authoring/registration and @colophon/storage/spool, and src/testing.ts @colophon/storage/memory",
  },
  {
    directory: STUDIO,
    mayImport: [],
    typesOf: ["@colophon/server/http"],
    instead: 'the studio imports the server\'s HTTP types alone: import type … from "@colophon/server/http"',
  },
  {
    directory: CLI,
    mayImport: [HARNESS, KERNEL, SIMULATOR, SDK, SERVER],
    instead:
      "the command line imports @colophon/harness, @colophon/kernel, @colophon/simulator, colophon and, to serve, @colophon/server: add to the harness what is missing",
  },
  {
    directory: FACES,
    mayImport: [HARNESS, KERNEL, SIMULATOR, SDK],
    instead:
      "a face imports @colophon/harness, @colophon/kernel, @colophon/simulator and colophon: add to the harness what is missing",
  },
  {
    directory: SIMULATOR,
    mayImport: [KERNEL],
    instead: "the simulator stands for a stranger's server and imports @colophon/kernel alone",
  },
  {
    directory: TESTKIT,
    mayImport: [KERNEL],
    instead: "the testkit imports @colophon/kernel alone: take the implementation under test as a parameter",
  },
  { directory: /^(benchmarks|examples\/[^/]+)$/, mayImport: [/./], instead: "" },
];

/** What the SDK's entries reach, type imports included, is what a user installs: no npm package, and on the edge no `node:*` module. */
export const PURE_ENTRIES: readonly { readonly entry: string; readonly mayUseNode: boolean }[] = [
  { entry: "packages/faces/sdk/src/edge.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/node.ts", mayUseNode: true },
  { entry: "packages/faces/sdk/src/embedded.ts", mayUseNode: true },
  { entry: "packages/faces/sdk/src/testing.ts", mayUseNode: true },
  { entry: "packages/faces/sdk/src/openai.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/anthropic.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/ai.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/recorder.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/fallback.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/serverless.ts", mayUseNode: false },
  { entry: "packages/faces/sdk/src/telemetry.ts", mayUseNode: false },
];

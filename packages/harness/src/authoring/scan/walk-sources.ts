/** Walks folders for sources that a scan reads, in an order that is the same everywhere. */
import { type Dirent, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { IgnoreRules } from "./ignore-rules.ts";
import type { LeftOutCount } from "./left-out.ts";
import { languageOf } from "./source-language.ts";

/** Of others' making, or made by machines: always left out unless they are named themselves. */
const DEPENDENCIES: ReadonlySet<string> = new Set([
  "node_modules",
  "bower_components",
  "jspm_packages",
  "dist",
  "build",
  "coverage",
  "venv",
  "virtualenv",
  "site-packages",
  "__pycache__",
  "__pypackages__",
  "vendor",
  "vendored",
  "third_party",
  "third-party",
  "target",
]);
const GENERATED_FOLDER = /^(?:__generated__|generated)$/;
const GENERATED_FILE =
  /\.min\.[cm]?js$|\.bundle\.js$|\.generated\.\w+$|\.gen\.\w+$|[._]pb2?(?:_grpc)?\.(?:py|[jt]s)$/;
const TEST_FOLDER =
  /^(?:tests?|__tests__|__mocks__|specs?|e2e|cypress|testdata|test_data|fixtures|__fixtures__)$/;
const TEST_FILE =
  /^test_.*\.py$|_test\.py$|^conftest\.py$|\.(?:test|tests|spec|e2e|cy|bench|stories|fixture|type-test|test-d)\.[cm]?[jt]sx?$/;
const CONFIG = /^[jt]sconfig(?:\.[\w.-]+)?\.json$/;

export interface Walk {
  readonly includeTests: boolean;
  readonly includeHidden: boolean;
  /** What paths are told relative to. */
  readonly base: string;
  readonly left: LeftOutCount;
}

export interface Walked {
  /** Absolute paths of sources, by folder and name. */
  readonly sources: readonly string[];
  /** Absolute paths of tsconfig files. */
  readonly configs: readonly string[];
}

interface Place {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** Links are not followed: what they lead to stands somewhere else, or goes round in a ring. */
export function walkSources(root: string, walk: Walk): Walked {
  const sources: string[] = [];
  const configs: string[] = [];
  const waiting: Place[] = [{ folder: root, rules: IgnoreRules.around(root) }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { folder, rules } = place;
    const below: Place[] = [];
    for (const entry of entriesOf(folder, walk)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (isWalked(entry.name, { path, rules, walk }))
          below.push({ folder: path, rules: rules.inside(path) });
      } else if (CONFIG.test(entry.name)) configs.push(path);
      else if (isRead(entry, { path, rules, walk })) sources.push(path);
    }
    waiting.push(...below.reverse());
  }
  return { sources, configs };
}

/** By code units: the order of a file system or a language must not show. */
function entriesOf(folder: string, { base, left }: Walk): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    left.add("unreadable", `${told(base, folder)}/`);
    return [];
  }
}

interface Candidate {
  readonly path: string;
  readonly rules: IgnoreRules;
  readonly walk: Walk;
}

function isWalked(name: string, { path, rules, walk }: Candidate): boolean {
  const { base, left, includeHidden, includeTests } = walk;
  const leave = (reason: Parameters<LeftOutCount["add"]>[0]): false => {
    left.add(reason, `${told(base, path)}/`);
    return false;
  };
  if (name === ".git") return false;
  if (DEPENDENCIES.has(name)) return leave("dependencies");
  if (rules.leaveOut(path, true)) return leave("ignored");
  if (name.startsWith(".") && !includeHidden) return leave("hidden");
  if (GENERATED_FOLDER.test(name)) return leave("generated");
  return !includeTests && TEST_FOLDER.test(name) ? leave("test") : true;
}

function isRead(entry: Dirent, { path, rules, walk }: Candidate): boolean {
  const { name } = entry;
  const { base, left, includeTests } = walk;
  const leave = (reason: Parameters<LeftOutCount["add"]>[0]): false => {
    left.add(reason, told(base, path));
    return false;
  };
  if (entry.isSymbolicLink()) return leave("link");
  if (!entry.isFile() || languageOf(name) === null) return false;
  if (rules.leaveOut(path, false)) return leave("ignored");
  if (GENERATED_FILE.test(name)) return leave("generated");
  return !includeTests && TEST_FILE.test(name) ? leave("test") : true;
}

/** As it is told to people and kept in reports: relative, with `/` between its steps. */
export function told(base: string, path: string): string {
  const inside = relative(base, path).replaceAll(sep, "/");
  return inside === "" ? "." : inside;
}

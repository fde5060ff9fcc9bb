/** Takes prompts out of the code of an application: proposes first, and writes when it is told to. */
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { keyOfPath, type PromptSpec, pathOfKey, printPromptFile } from "@colophon/authoring";
import type {
  ExtractedSources,
  ExtractionProposal,
  FileChange,
  LeftAlone,
} from "@colophon/authoring/extract";
import { HarnessError } from "@colophon/kernel";
import { openRepository } from "../git/repository.ts";
import { readScanSources } from "../scan/read-scan-sources.ts";
import { told } from "../scan/walk-sources.ts";
import { applyChanges } from "./apply-changes.ts";
import { type FoundApplication, findApplication } from "./find-application.ts";
import { importRules } from "./import-endings.ts";
import { readMarkup } from "./read-markup.ts";

export interface ExtractRequest {
  /** A folder or a file. */
  readonly path: string;
  readonly cwd: string;
  /** `FILE:LINE` of a call or a finding, or the id of one; all without any. */
  readonly only?: readonly string[];
  /** `files` writes prompt files beside the declarations; Python gets them in any case. */
  readonly to?: "code" | "files";
  /** Where prompt files go, from the application's folder on; `prompts` unless said. */
  readonly dir?: string;
  /** An edited plan, parsed; with it only what it says is extracted. */
  readonly plan?: { readonly value: unknown; readonly source: string };
}

export interface ExtractAnswer {
  /** Absolute; what all files are told relative to. */
  readonly base: string;
  readonly application: string | null;
  readonly proposals: readonly ExtractionProposal[];
  readonly left: readonly LeftAlone[];
  readonly changes: readonly FileChange[];
  /** The changes as `git apply` takes them. */
  readonly diff: string;
  /** The plan as a document to be edited. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** Packages that the new code imports and package.json does not name. */
  readonly packages: readonly string[];
  /** What has to be set up otherwise for the new code to be found, as sentences. */
  readonly notes: readonly string[];
  /** For Python: what the snippets of the proposals call; null where there is none. */
  readonly pythonHelper: string | null;
}

/** Frameworks that evaluate modules again after an edit. */
const REEVALUATING = [
  "next",
  "nuxt",
  "astro",
  "@sveltejs/kit",
  "@remix-run/dev",
  "@react-router/dev",
  "@tanstack/react-start",
];

/**
 * What extract would do; nothing is written.
 *
 * @throws HarnessError `usage` for a path, a place or a plan that is not there as it is named.
 * @example
 * import { proposeExtraction, writeExtraction } from "@colophon/harness";
 * const answer = await proposeExtraction({ path: "src", cwd: process.cwd() });
 * for (const { key, file, line } of answer.proposals) console.log(`${key} from ${file}:${line}`);
 * await writeExtraction(answer);
 */
export async function proposeExtraction(request: ExtractRequest): Promise<ExtractAnswer> {
  const { path, cwd, only = [], to = "code", dir = "prompts", plan } = request;
  const absolute = resolve(cwd, path);
  const asked = readScanSources({ paths: [path], cwd });
  const real = realpathSync(absolute);
  const application = findApplication(statSync(real).isDirectory() ? real : dirname(real), realpathSync(cwd));
  // Tests are read along, since a constant that they import has to stay.
  const all = readScanSources({ paths: [application.root, path], cwd, tests: true });
  const odd = new Set(all.encodings.map(({ file }) => file));
  const wanted = new Set(asked.files.map(({ file }) => told(all.base, join(asked.base, file))));
  for (const file of odd) wanted.delete(file);
  const extractor = await import("@colophon/authoring/extract");
  const choices = plan === undefined ? undefined : extractor.readExtractionPlan(plan.value, plan.source);
  const extracted = extractor.extractSources({
    files: all.files,
    wanted,
    only: only.map((one) => placeIn(one, cwd, all.base)),
    application: application.name,
    isReevaluated: REEVALUATING.some((name) => application.dependencies?.has(name) === true),
    endingOf: (file) => importRules(join(all.base, file)).ending,
    aliases: all.aliases,
    unread: readMarkup(application.root),
    ...(choices === undefined ? {} : { choices }),
  });
  refuseUnknown(extracted, only, plan?.source);
  const { proposals, left } = extracted;
  for (const { id, extract } of choices ?? []) {
    if (extract && !proposals.some((proposal) => proposal.id === id))
      refuseChanged(id, plan?.source ?? "the plan");
  }
  const files = promptFiles(
    proposals.filter(({ name }) => to === "files" || name === null),
    {
      base: all.base,
      folder: resolve(application.root, dir),
    },
  );
  const changes = [...extracted.changes, ...files].sort((a, b) => (a.file < b.file ? -1 : 1));
  return {
    base: all.base,
    application: application.name,
    proposals,
    left,
    changes,
    diff: extractor.unifiedDiff(changes),
    plan: extractor.extractionPlan(proposals, left),
    packages: missingPackages(extracted, application),
    notes: notesOf(extracted, all.base),
    pythonHelper: proposals.some(({ language }) => language === "python") ? extractor.PYTHON_HELPER : null,
  };
}

export interface WriteExtractionOptions {
  /** Write although the working tree has changes that are in no commit. */
  readonly allowDirty?: boolean;
  /** Absolute: the plan that is carried out, which need not be in a commit. */
  readonly plan?: string;
}

/**
 * Writes all changes, or none of them.
 *
 * @throws HarnessError `usage` for a working tree with uncommitted changes, for files that have changed
 *   since they were read, and for what cannot be written.
 * @example
 * import { proposeExtraction, writeExtraction } from "@colophon/harness";
 * await writeExtraction(await proposeExtraction({ path: "src", cwd: process.cwd() }), { allowDirty: true });
 */
export async function writeExtraction(
  { base, changes }: Pick<ExtractAnswer, "base" | "changes">,
  { allowDirty = false, plan }: WriteExtractionOptions = {},
): Promise<void> {
  if (!allowDirty && changes.length > 0) await refuseDirty(base, plan);
  applyChanges(base, changes);
}

async function refuseDirty(base: string, plan: string | undefined): Promise<void> {
  const repository = await openRepository(base);
  if (repository === null) return;
  const own = plan !== undefined && existsSync(plan) ? realpathSync(plan) : null;
  const all = await repository.changedFiles(["."]);
  const changed = all.filter((file) => join(repository.root, file) !== own);
  if (changed.length === 0) return;
  const more = changed.length > 1 ? ` and ${changed.length - 1} more` : "";
  throw new HarnessError(
    "usage",
    `${changed[0]}${more} differ from the last commit: commit them first, so that what is written now can be looked at and taken back by itself, or say --allow-dirty.`,
  );
}

/** `FILE:LINE` as the working folder says it, in the words of the base. */
function placeIn(one: string, cwd: string, base: string): string {
  const [, file, line] = /^(.*):(\d+)$/.exec(one) ?? [];
  return file === undefined
    ? one
    : `${relative(base, resolve(realpathSync(cwd), file)).replaceAll(sep, "/")}:${line}`;
}

function refuseUnknown(
  { unknown }: ExtractedSources,
  only: readonly string[],
  plan: string | undefined,
): void {
  if (unknown.length === 0 || plan !== undefined) return;
  const said =
    only.find((one) => unknown.some((other) => other === one || one.endsWith(other))) ?? unknown[0];
  throw new HarnessError(
    "usage",
    `${said} names no call and no finding; take a FILE:LINE or an id of colophon extract --json.`,
  );
}

function refuseChanged(id: string, source: string): never {
  throw new HarnessError(
    "usage",
    `${source} has ${id}, which can no longer be extracted as it was planned; make a new plan with -o.`,
  );
}

function promptFiles(
  proposals: readonly ExtractionProposal[],
  { base, folder }: { readonly base: string; readonly folder: string },
): readonly FileChange[] {
  const byFile = new Map<string, FileChange>();
  for (const { key, text } of proposals) {
    const place = pathOfKey(key);
    const path = join(folder, place);
    const spec: PromptSpec = { key, text, metadata: {} };
    const after = printPromptFile(spec, { keyFromPath: keyOfPath(place) });
    const before = existsSync(path) ? readFileSync(path, "utf8") : null;
    if (before !== null && before !== after) {
      const file = told(base, path);
      throw new HarnessError(
        "usage",
        `${file} is there already and says something else; give ${key} another key in a plan, or name another folder with --dir.`,
      );
    }
    const other = byFile.get(path);
    if (other !== undefined && other.after !== after) {
      throw new HarnessError(
        "usage",
        `The plan gives the key ${key} to prompts that say different things; give one of them another.`,
      );
    }
    byFile.set(path, { file: told(base, path), before, after });
  }
  return [...byFile.values()].filter(({ before, after }) => before !== after);
}

function notesOf({ proposals }: ExtractedSources, base: string): readonly string[] {
  const files = proposals.filter(({ name }) => name !== null).map(({ file }) => join(base, file));
  const obstacles = files.flatMap((file) => importRules(file).obstacle ?? []);
  return [...new Set(obstacles)].map((one) => one.replace(`${base}${sep}`, ""));
}

function missingPackages(
  { packages }: ExtractedSources,
  { dependencies }: FoundApplication,
): readonly string[] {
  return packages.filter((name) => dependencies?.has(name) !== true);
}

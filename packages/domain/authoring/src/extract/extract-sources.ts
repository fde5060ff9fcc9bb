/** Takes prompts out of an application, whatever it is written in: what becomes of each, and why some stay. */
import type { Finding, FindingUse } from "../scan/finding.ts";
import { readModule, scanModules } from "../scan/scan-sources.ts";
import type { SourceFile, SourceModule } from "../scan/source/source-module.ts";
import type { PathAlias } from "../scan/trace/find-module.ts";
import { extractCode } from "./extract-code.ts";
import type { Extraction, ExtractionRequest, LeftAlone, ProposalChoice } from "./extraction.ts";
import type { EndingOf } from "./lay-out-files.ts";
import { extractPython } from "./python/extract-python.ts";

export interface SourcesToExtract {
  /** All files of the application: constants are followed through them, and what they use stays. */
  readonly files: readonly SourceFile[];
  /** Those of the files whose calls are extracted. */
  readonly wanted: ReadonlySet<string>;
  /** `FILE:LINE` of a call or a finding, or the id of one; empty: all. */
  readonly only: readonly string[];
  /** Of the application, for keys; null where it has none. */
  readonly application: string | null;
  /** From a plan. */
  readonly choices?: readonly ProposalChoice[];
  readonly aliases?: readonly PathAlias[];
  /** Texts of other kinds, such as components in markup: what they name stays. */
  readonly unread?: readonly string[];
  /** What imports of own files end in by the settings around a file; none say so without. */
  readonly endingOf?: EndingOf;
  /** Whether modules are evaluated again after an edit, as frameworks do; no without. */
  readonly isReevaluated?: boolean;
}

export interface ExtractedSources extends Extraction {
  /** Of `only`, what names nothing. */
  readonly unknown: readonly string[];
}

/** Nothing is written. */
export function extractSources(sources: SourcesToExtract): ExtractedSources {
  const { files, application, choices, aliases = [], unread = [], endingOf, isReevaluated = false } = sources;
  const modules = files.map(readModule);
  const { findings } = scanModules(modules, { aliases });
  const selection = new Selection(sources, findings);
  const isWanted: ExtractionRequest["isWanted"] = (place) => selection.holds(place);
  const request = {
    ...{ files, aliases, unread, application, isWanted, isReevaluated },
    ...(choices === undefined ? {} : { choices }),
    ...(endingOf === undefined ? {} : { endingOf }),
  };
  const code = extractCode(request);
  const taken = code.proposals.map(({ key }) => key);
  const python = extractPython(modules, findings, { request, taken });
  const proposals = [...code.proposals, ...python.proposals].sort(byPlace);
  const done = { proposals, left: [...code.left, ...python.left], taken: code.taken };
  const others = choices === undefined ? leftFindings(findings, { done, modules, selection }) : [];
  return {
    ...code,
    proposals,
    left: [...done.left, ...others].sort(byPlace),
    unknown: selection.unknown,
  };
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly id: string;
}

/** Which places are asked for. */
class Selection {
  readonly #sources: SourcesToExtract;
  readonly #uses: ReadonlyMap<string, readonly FindingUse[]>;
  readonly #found = new Set<string>();

  constructor(sources: SourcesToExtract, findings: readonly Finding[]) {
    this.#sources = sources;
    this.#uses = new Map(
      sources.only.map((one) => {
        const named = findings.filter((finding) => names(one, finding));
        return [one, named.flatMap(({ uses }) => uses)];
      }),
    );
  }

  holds(place: Place): boolean {
    const { wanted, only } = this.#sources;
    if (!wanted.has(place.file)) return false;
    const naming = only.filter(
      (one) => names(one, place) || (this.#uses.get(one) ?? []).some((use) => isIn(use, place)),
    );
    for (const one of naming) this.#found.add(one);
    return only.length === 0 || naming.length > 0;
  }

  get unknown(): readonly string[] {
    return this.#sources.only.filter((one) => !this.#found.has(one));
  }
}

function names(one: string, { id, file, line, endLine }: Place): boolean {
  if (one === id) return true;
  const [, named, row] = /^(.*):(\d+)$/.exec(one) ?? [];
  return named === file && Number(row) >= line && Number(row) <= endLine;
}

function isIn(
  { file, line }: Pick<FindingUse, "file" | "line">,
  place: Pick<Place, "file" | "line" | "endLine">,
): boolean {
  return file === place.file && line >= place.line && line <= place.endLine;
}

interface Known {
  readonly done: Pick<Extraction, "proposals" | "left" | "taken">;
  readonly modules: readonly SourceModule[];
  readonly selection: Selection;
}

/** Prompts that a scan finds and no call was extracted for. */
function leftFindings(findings: readonly Finding[], known: Known): readonly LeftAlone[] {
  return findings.flatMap((finding): readonly LeftAlone[] => {
    const { file, line, client } = finding;
    if (!known.selection.holds(finding) || isDeclared(finding, known.modules)) return [];
    const reason = whyLeft(finding, known.done);
    return reason === null ? [] : [{ file, line, client, reason }];
  });
}

/** Null where its call is extracted, or speaks for itself. */
function whyLeft(
  { uses, file, line, endLine, confidence }: Finding,
  { proposals, left, taken }: Known["done"],
): string | null {
  if (taken.some((words) => isIn({ file, line }, words))) return null;
  if (uses.length === 0) {
    return `it reads like a prompt (confidence ${confidence}), but no call of a model's client was seen to get it`;
  }
  if (uses.some((use) => proposals.some((proposal) => isIn(use, proposal)))) return null;
  for (const use of uses) {
    const stays = left.find((one) => one.file === use.file && one.line === use.line);
    if (stays === undefined) continue;
    const isSame = use.file === file && line >= use.line && line <= endLine + 1;
    return isSame ? null : `it goes to the call in ${use.file}:${use.line}, which stays as it is`;
  }
  const [use] = uses;
  return `it goes to ${use?.client} in a way that is not rewritten; calls of openai, @anthropic-ai/sdk and ai are`;
}

/** Whether it is the text of a declared prompt already. */
function isDeclared({ file, span }: Finding, modules: readonly SourceModule[]): boolean {
  const calls = modules.find((module) => module.file === file)?.calls ?? [];
  return calls.some(
    ({ callee, from, to }) => callee.at(-1) === "definePrompt" && from <= span.from && to >= span.to,
  );
}

interface Line {
  readonly file: string;
  readonly line: number;
}

function byPlace(a: Line, b: Line): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

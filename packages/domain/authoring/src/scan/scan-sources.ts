/** Scans source files for prompts that live in them as literals. */
import { assembledTexts, writtenSpans } from "./assembled-texts.ts";
import { type ClassifiedText, classifyText, LEAST_CONFIDENCE } from "./classify/classify-text.ts";
import { clusterFindings } from "./cluster/cluster-findings.ts";
import type { Finding } from "./finding.ts";
import { findingOf } from "./finding-of.ts";
import { isBareText } from "./is-bare-text.ts";
import { readJavaScriptModule } from "./javascript/read-javascript-module.ts";
import { nameOfText } from "./name-of-text.ts";
import { readPythonModule } from "./python/read-python-module.ts";
import { leftOutTexts } from "./report/left-out-texts.ts";
import type { ContextStep, SourceFile, SourceModule, SourceText } from "./source/source-module.ts";
import { SpanSet } from "./span-set.ts";
import { composeText, settleText } from "./trace/compose-text.ts";
import { filledLater } from "./trace/filled-later.ts";
import type { Tracers } from "./trace/find-places.ts";
import { type IndexOptions, indexModules } from "./trace/module-index.ts";
import type { TextPlace } from "./trace/text-place.ts";
import { createTracers, traceUses } from "./trace/trace-uses.ts";
import { writeTemplate } from "./trace/write-template.ts";
import { bringTogether } from "./traced-texts.ts";

export interface ScanOptions extends IndexOptions {
  /** What is less sure is left out; `LEAST_CONFIDENCE` when absent. */
  readonly leastConfidence?: number;
}

export interface ScanProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface ScanResult {
  /** By file and line. */
  readonly findings: readonly Finding[];
  /** How many more a comment in the source leaves out. */
  readonly ignored: number;
  /** How many more `definePrompt` holds already. */
  readonly declared: number;
  /** Where a parser could not follow; what it understood was scanned all the same. */
  readonly problems: readonly ScanProblem[];
}

/**
 * Texts that are seen to go to a model come first; of all others `classifyText` tells by their words and by where
 * they stand. Each place of a text is one finding with all its uses. What a finding says is what the expression at
 * its place comes to, whoever calls the function around it:
 *
 * - Constants that it names are read into it, and are no findings of their own unless they go to a model by themselves.
 * - A constant with two thirds of the words or more (and at least eight) is the prompt: it is a finding, and a
 *   placeholder in the text around it, which is one too if it has three words or more.
 * - An expression with fewer than three words of its own around a single constant is not reported, the constant is.
 * - A text without words, or with one word and nothing put in, is none.
 *
 * @param files each path once
 */
export function scanSources(files: readonly SourceFile[], options: ScanOptions = {}): ScanResult {
  return scanModules(files.map(readModule), options);
}

/** The parsed module of a file, whatever its language. */
export function readModule(file: SourceFile): SourceModule {
  return file.language === "python" ? readPythonModule(file) : readJavaScriptModule(file);
}

/** As `scanSources`, for modules that are read already. */
export function scanModules(modules: readonly SourceModule[], options: ScanOptions = {}): ScanResult {
  const tracers = createTracers(indexModules(modules, options));
  const claimed = modules.map(() => new SpanSet());
  const traced = tracedFindings(tracers, claimed);
  const judged = judgedFindings(tracers, claimed, options.leastConfidence ?? LEAST_CONFIDENCE);
  const sure = [...traced, ...judged].filter(
    ({ confidence }) => confidence >= (options.leastConfidence ?? LEAST_CONFIDENCE),
  );
  const leftOut = new Map(modules.map((module) => [module.file, leftOutTexts(module)]));
  const byReason = Map.groupBy(sure, (finding) => leftOut.get(finding.file)?.(finding) ?? null);
  return {
    findings: clusterFindings((byReason.get(null) ?? []).toSorted(byPlace)),
    ignored: byReason.get("ignored")?.length ?? 0,
    declared: byReason.get("declared")?.length ?? 0,
    problems: modules.flatMap(({ file, problems }) => problems.map((problem) => ({ file, ...problem }))),
  };
}

function byPlace(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.span.from - other.span.from || one.span.to - other.span.to;
}

function tracedFindings(tracers: Tracers, claimed: readonly SpanSet[]): readonly Finding[] {
  const { uses, glue, others } = traceUses(tracers);
  const texts = bringTogether(tracers, uses);
  const reported = claimed.map(() => new SpanSet());
  for (const { place } of texts) {
    for (const span of writtenSpans(place.value)) reported[place.module]!.add(span);
  }
  for (const place of [...glue, ...others]) claimed[place.module]!.add(place);
  for (const { place, settled } of texts) {
    for (const { module, value } of [place, ...settled.inlined]) {
      for (const span of writtenSpans(value)) claimed[module]!.add(span);
    }
  }
  return texts
    .filter(({ place }) => !isInsideAnother(reported[place.module]!, place))
    .map(({ place, settled, uses: own }) => findingOf(tracers, place, { settled, uses: own, verdict: null }))
    .filter(({ text }) => !isBareText(text));
}

/** A text inside of another one is a part of it. */
function isInsideAnother(reported: SpanSet, { from, to }: TextPlace): boolean {
  return reported.holds({ from: from - 1, to }) || reported.holds({ from, to: to + 1 });
}

interface Judged {
  readonly finding: Finding;
  readonly place: TextPlace;
  readonly inlined: readonly TextPlace[];
}

/** What no use claimed, as its words and its place tell. */
function judgedFindings(tracers: Tracers, claimed: readonly SpanSet[], least: number): readonly Finding[] {
  const { modules, names } = tracers.full.index;
  const judged = modules.flatMap((module, index) => {
    const judgeAll = (texts: readonly SourceText[]): readonly Judged[] =>
      texts.flatMap((text) => {
        const { value } = text;
        const taken = claimed[index]!;
        if (writtenSpans(value).some((span) => taken.holds(span) || taken.hasInside(span))) return [];
        const { from, to } = value;
        const place: TextPlace = { module: index, value, filled: filledLater(value), from, to };
        const found = judge(tracers, { text, module, place, least });
        // The steps of a text that is put together are no texts of their own.
        if (found.length > 0) for (const span of writtenSpans(value)) taken.add(span);
        return found;
      });
    return [...judgeAll(assembledTexts(module, names[index]!)), ...judgeAll(module.texts)];
  });
  const inlined = modules.map(() => new SpanSet());
  for (const place of judged.flatMap((each) => each.inlined)) inlined[place.module]!.add(place);
  return judged.filter(({ place }) => !inlined[place.module]!.holds(place)).map(({ finding }) => finding);
}

interface Unclaimed {
  readonly text: SourceText;
  readonly module: SourceModule;
  readonly place: TextPlace;
  readonly least: number;
}

function judge(tracers: Tracers, { text, module, place, least }: Unclaimed): readonly Judged[] {
  const settled = settleText(composeText(tracers.constant, place), text.value);
  if (settled.words === 0) return [];
  const written = writeTemplate(settled.pieces, tracers.full.index.modules);
  const verdict = classifyText(
    {
      ...written,
      name: nameOfText(text, module),
      context: text.context,
      module,
      span: { from: place.from, to: place.to },
      callee: calleeOf(text.context, module),
    } satisfies ClassifiedText,
    least,
  );
  if (verdict === null) return [];
  return [
    { finding: findingOf(tracers, place, { settled, uses: [], verdict }), place, inlined: settled.inlined },
  ];
}

function calleeOf(context: readonly ContextStep[], module: SourceModule): readonly string[] | null {
  const argument = context.find((step) => step.kind === "argument");
  return argument === undefined ? null : (module.calls[argument.call]?.callee ?? null);
}

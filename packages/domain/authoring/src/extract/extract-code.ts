/** Takes prompts out of TypeScript and JavaScript: proposals, and what every file would look like. */
import { buildText, canonicalJson, HarnessError, type JsonSchema, type VersionText } from "@colophon/kernel";
import { isIgnored } from "../scan/report/is-ignored.ts";
import type { AcceptedCall, CallPlace } from "./accepted-call.ts";
import { createCallIds } from "./call-ids.ts";
import type {
  Extraction,
  ExtractionProposal,
  ExtractionRequest,
  LeftAlone,
  ProposalChoice,
} from "./extraction.ts";
import { instanceOf } from "./javascript/find-instance.ts";
import { type KnownCall, knownCalls, MAY_CALL } from "./javascript/known-calls.ts";
import type { Binding, Program } from "./javascript/program.ts";
import { ProgramSet } from "./javascript/program-set.ts";
import { type DraftCall, readCall } from "./javascript/read-call.ts";
import { ValueFacts } from "./javascript/value-facts.ts";
import { isExtracted, whyUntouched } from "./javascript/why-untouched.ts";
import type { LayoutSettings } from "./lay-out-files.ts";
import { createNameProposer, type ProposedName } from "./propose-names.ts";
import { rewriteFiles } from "./rewrite-files.ts";
import { type ExtractedVariable, type WrittenBody, writeBody } from "./write-body.ts";

const PACKAGES = ["colophon", "zod"];
/** What a module of declarations imports. */
const IMPORTED = ["definePrompt", "z"];

/**
 * What extract would do to the JavaScript and TypeScript among the files; nothing is written. Calls
 * that send a resolved prompt already are no matter of it, so that a second run proposes nothing.
 */
export function extractCode(request: ExtractionRequest): Extraction {
  const code = request.files.filter(({ language }) => language !== "python");
  const programs = new ProgramSet(code, request);
  const read = readCalls(programs, request);
  const accepted = nameCalls(programs, read.calls, request);
  const changes = accepted.length === 0 ? [] : rewriteFiles(programs, accepted, settingsOf(request));
  return {
    proposals: accepted.map(proposalOf),
    left: [...read.left, ...programs.problems.map(unreadable)].sort(byPlace),
    changes,
    taken: accepted.flatMap(({ draft }) => draft.taken),
    packages: accepted.length === 0 ? [] : PACKAGES,
  };
}

function settingsOf({ endingOf = () => null, isReevaluated = false }: ExtractionRequest): LayoutSettings {
  return { endingOf, isReevaluated };
}

function unreadable({ file, reason }: ProgramSet["problems"][number]): LeftAlone {
  return { file, line: 1, client: null, reason: `it cannot be read: ${reason}` };
}

interface ReadCalls {
  readonly calls: readonly Omit<AcceptedCall, "key" | "name" | "isFirst">[];
  readonly left: readonly LeftAlone[];
}

function readCalls(programs: ProgramSet, { isWanted, choices }: ExtractionRequest): ReadCalls {
  const facts = new ValueFacts(programs);
  const known = programs.saying(MAY_CALL).flatMap((program) => knownCalls(programs, program));
  const calls: Omit<AcceptedCall, "key" | "name" | "isFirst">[] = [];
  const left: LeftAlone[] = [];
  const idOf = createCallIds();
  const instance = instanceOf(programs);
  for (const call of known) {
    const place = placeOf(call, idOf);
    if (isExtracted(call) || isLeftOut(call.program, place) || !isWanted(place)) continue;
    const chosen = choices?.find(({ id }) => id === place.id);
    if (choices !== undefined && chosen?.extract !== true) continue;
    const refuse = (reason: string): void => {
      left.push({ file: place.file, line: place.line, client: call.client, reason });
    };
    const untouched = whyUntouched(call, { known, instance, programs });
    if (untouched !== null) {
      refuse(untouched);
      continue;
    }
    const draft = readCall(call, { programs, facts });
    if ("reason" in draft) {
      refuse(draft.reason);
      continue;
    }
    if (draft.taken.some((lines) => isLeftOut(programs.of(lines.file), lines))) continue;
    const written = writeBody(draft.messages, facts);
    const text = written && textOf(draft, written);
    if (written === null || text === null) refuse("its text cannot be said in the template language");
    else calls.push({ draft, place, text, ...written });
  }
  return { calls, left };
}

/** Whether a comment says `colophon: ignore` of any of its lines, as it does for a scan. */
function isLeftOut(
  program: Program | undefined,
  { line, endLine }: { readonly line: number; readonly endLine: number },
): boolean {
  if (program === undefined) return false;
  const directives = program.comments.map((comment) => ({
    line: program.lineOf(comment.start ?? 0),
    text: comment.value,
  }));
  for (let at = line; at <= endLine; at += 1) if (isIgnored(directives, at)) return true;
  return false;
}

/** Null for what no version can hold, such as half of a surrogate pair. */
function textOf(draft: DraftCall, { body, variables, cache }: WrittenBody): VersionText | null {
  try {
    const text = buildText({
      ...(typeof body === "string" ? { body } : { messages: body }),
      model: draft.model,
      parameters: draft.parameters,
      input: inputOf(variables),
      cache,
    });
    canonicalJson(text);
    return text;
  } catch {
    return null;
  }
}

/** The contract as zod writes it for the declaration. */
function inputOf(variables: readonly ExtractedVariable[]): JsonSchema {
  const properties = Object.fromEntries(variables.map(({ name, type }) => [name, { type }]));
  return {
    type: "object",
    properties,
    ...(variables.length > 0 && { required: variables.map(({ name }) => name) }),
  };
}

function nameCalls(
  programs: ProgramSet,
  calls: ReadCalls["calls"],
  { application, choices }: ExtractionRequest,
): readonly AcceptedCall[] {
  const declaring = programs.saying(/\bdefinePrompt\b/);
  const taken = {
    keys: new Set(declaring.flatMap(declaredKeys)),
    names: new Set([...IMPORTED, ...declaring.flatMap(({ top }) => [...top.keys()])]),
  };
  const proposer = createNameProposer(application ?? "app", taken);
  const byText = new Map<string, ProposedName>();
  const uses = new Map<Binding, number>();
  for (const { draft } of calls) {
    for (const binding of draft.inlined) uses.set(binding, (uses.get(binding) ?? 0) + 1);
  }
  return calls.map((call): AcceptedCall => {
    const choice = choices?.find(({ id }) => id === call.place.id);
    const own = choice === undefined ? "" : `${choice.key}\n${choice.name}`;
    // Equal prompts are one, unless a person gave them names of their own.
    const same = `${own}\n${call.draft.route?.name ?? ""}\n${canonicalJson(call.text)}`;
    const known = byText.get(same);
    const named = known ?? chosenName(choice, taken) ?? proposer.propose(call.draft, ownOf(call.draft, uses));
    byText.set(same, named);
    return { ...call, ...named, isFirst: known === undefined };
  });
}

/** What several calls share says less of one of them than its function does. */
function ownOf({ inlined }: DraftCall, uses: ReadonlyMap<Binding, number>): readonly Binding[] {
  return [...inlined].filter((binding) => binding.kind !== "import" && uses.get(binding) === 1);
}

function chosenName(
  choice: ProposalChoice | undefined,
  { keys, names }: { readonly keys: ReadonlySet<string>; readonly names: ReadonlySet<string> },
): ProposedName | undefined {
  if (choice === undefined || choice.name === null) return undefined;
  const { key, name } = choice;
  const [field, said] = keys.has(key) ? ["key", key] : names.has(name) ? ["name", name] : [];
  if (field === undefined) return { key, name };
  throw new HarnessError(
    "usage",
    `The ${field} "${said}" of the plan is taken by what the code has already; give it another there.`,
  );
}

/** Keys that the application declares already. */
function declaredKeys({ source }: Program): readonly string[] {
  return [...source.matchAll(/\bkey:\s*["'`]([^"'`]+)["'`]/g)].map(([, key = ""]) => key);
}

function placeOf({ program, node }: KnownCall, idOf: ReturnType<typeof createCallIds>): CallPlace {
  const { file } = program;
  return {
    file,
    line: program.lineAt(node),
    endLine: program.lineOf(node.end ?? 0),
    id: idOf(file, program.text(node)),
  };
}

function proposalOf(accepted: AcceptedCall): ExtractionProposal {
  const { draft, place, key, name, text, body, variables } = accepted;
  const { program, client } = draft.call;
  const said = variables.flatMap(({ remark }) => (remark === null ? [] : [remark]));
  return {
    ...place,
    language: program.language,
    client,
    key,
    name,
    text,
    body,
    variables,
    remarks: [...new Set([...draft.remarks, ...said])],
    snippet: null,
  };
}

function byPlace(a: LeftAlone, b: LeftAlone): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

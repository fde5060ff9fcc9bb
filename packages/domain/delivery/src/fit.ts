/** Whether a version fits the code of every application in an environment, its partials as they are there. */
import {
  applicationName,
  type Body,
  bodiesOf,
  currentRelease,
  type DeclarationEntry,
  declarationsIn,
  declaredBeside,
  errorCodeOf,
  HarnessError,
  inheritanceOf,
  localizedTexts,
  type ModelChoice,
  type PartialRef,
  type PromptState,
  type RegistryState,
  templatePartials,
  textMisfits,
  type VersionText,
} from "@colophon/kernel";

export type Texts = ReadonlyMap<string, VersionText>;

export interface FitQuestion {
  readonly prompt: PromptState;
  /** Hash of the version's text. */
  readonly hash: string;
  readonly environment: string;
  /** The model of the release, where it is another than the text's own. */
  readonly model?: ModelChoice | null;
  readonly texts: Texts;
}

export interface FitAnswer {
  /** One sentence for everything that keeps the code from serving this version; empty when it fits. */
  readonly misfits: readonly string[];
  /** Partials without a version number, its own and those of its partials. */
  readonly unpinned: readonly string[];
}

/**
 * Where nothing was declared, nothing is known of the code and everything fits.
 *
 * @throws HarnessError `store-corrupt` with `details.missingTexts`: the caller loads those texts and
 * asks again.
 */
export function fitOf(state: RegistryState, question: FitQuestion): FitAnswer {
  const { prompt, hash, environment, model } = question;
  const text = question.texts.get(hash);
  if (text === undefined) throw textsMissing([hash], prompt.key);
  const declarations = declarationsIn(prompt, environment);
  const served = model === undefined || model === null ? text : { ...text, model };
  const faults = new Set<string>();
  const unpinned = new Set<string>();
  const misfits = new Map<string, DeclarationEntry[]>();
  for (const declaration of declarations.length === 0 ? [undefined] : declarations) {
    const partials = collectPartials(state, { ...question, declaration }, text);
    for (const fault of partials.faults) faults.add(fault);
    for (const ref of partials.unpinned) unpinned.add(ref);
    if (declaration === undefined) continue;
    for (const misfit of [...partials.absent, ...codeMisfits(served, declaration, partials)]) {
      const others = misfits.get(misfit) ?? [];
      if (!others.includes(declaration)) misfits.set(misfit, [...others, declaration]);
    }
  }
  const told = Array.from(misfits, ([misfit, of]) => `${whose(of, declarations)}${misfit}`);
  return { misfits: [...new Set([...faults, ...told])], unpinned: [...unpinned] };
}

function codeMisfits(
  text: VersionText,
  declaration: DeclarationEntry,
  { partialTexts }: PartialFindings,
): readonly string[] {
  return localizedTexts(text, partialTexts).flatMap(({ body, partials }) =>
    readably(() => textMisfits({ ...text, body, locales: undefined }, declaration, partials)),
  );
}

/** Whose code it does not fit; a single application without a name needs none. */
function whose(of: readonly DeclarationEntry[], all: readonly DeclarationEntry[]): string {
  if (all.length === 1 && all[0]?.application === null) return "";
  return `for ${of.map((one) => applicationName(one.application)).join(" and ")}, `;
}

/** A partial that is no text, or a circle of partials, is a misfit too. */
function readably(misfits: () => readonly string[]): readonly string[] {
  try {
    return misfits();
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return [(error as Error).message.replace(/\.$/, "")];
  }
}

/**
 * Decisions are synchronous and cannot load: one that lacks texts names them in `details.missingTexts`,
 * and the caller loads them and decides again. What the store does not have either is a corrupt store.
 */
function textsMissing(hashes: Iterable<string>, what: string): HarnessError {
  const missing = [...hashes];
  return new HarnessError(
    "store-corrupt",
    `The store has no text ${missing[0]?.slice(0, 12)}… for ${what}: run \`colophon verify\`.`,
    { details: { missingTexts: missing } },
  );
}

interface PartialFindings {
  /** By the reference as it is written. */
  readonly partialTexts: Map<string, VersionText>;
  readonly unpinned: string[];
  /** What is wrong with partials wherever they are served. */
  readonly faults: string[];
  /** What is not there in this environment. */
  readonly absent: string[];
}

/** With the code that asks; undefined where none was declared. */
type CodeQuestion = FitQuestion & { readonly declaration: DeclarationEntry | undefined };

/** The walk over the partials of one text. */
interface PartialWalk {
  readonly state: RegistryState;
  readonly question: CodeQuestion;
  readonly found: PartialFindings;
  readonly seen: Set<string>;
  readonly missing: Set<string>;
}

function collectPartials(state: RegistryState, question: CodeQuestion, root: VersionText): PartialFindings {
  const found: PartialFindings = { partialTexts: new Map(), unpinned: [], faults: [], absent: [] };
  const walk = { state, question, found, seen: new Set<string>(), missing: new Set<string>() };
  visit(walk, { bodies: bodiesOf(root), pins: root.partials ?? {} }, [question.prompt.key]);
  if (walk.missing.size > 0) throw textsMissing(walk.missing, `a partial of ${question.prompt.key}`);
  return found;
}

function visit(
  walk: PartialWalk,
  { bodies, pins }: { readonly bodies: readonly Body[]; readonly pins: Readonly<Record<string, string>> },
  trail: readonly string[],
): void {
  const { state, question, found, seen } = walk;
  for (const ref of bodies.flatMap((body) => templatePartials(body))) {
    if (trail.includes(ref.ref)) found.faults.push(`partial ${ref.ref} includes itself`);
    if (seen.has(ref.ref) || trail.includes(ref.ref)) continue;
    seen.add(ref.ref);
    if (ref.version === null) found.unpinned.push(ref.ref);
    found.faults.push(...withdrawal(state, ref));
    const hash = ref.version === null ? servedHash(state, ref, question) : pins[ref.ref];
    if (hash === undefined) {
      found.absent.push(`partial ${ref.ref} is neither live nor declared in ${question.environment}`);
      continue;
    }
    const partial = question.texts.get(hash);
    if (partial === undefined) {
      walk.missing.add(hash);
      continue;
    }
    found.partialTexts.set(ref.ref, partial);
    visit(walk, { bodies: bodiesOf(partial), pins: partial.partials ?? {} }, [...trail, ref.ref]);
  }
}

function withdrawal(state: RegistryState, { name, version, ref }: PartialRef): readonly string[] {
  const pinned = version === null ? undefined : state.prompts.get(name)?.versions.get(version);
  return pinned?.withdrawn == null ? [] : [`partial ${ref} was withdrawn (${pinned.withdrawn.reason})`];
}

/** What an unpinned partial stands for in an environment: what is live there, else what the same code declares. */
function servedHash(
  state: RegistryState,
  ref: PartialRef,
  { environment, declaration }: CodeQuestion,
): string | undefined {
  const partial = state.prompts.get(ref.name);
  if (partial === undefined) return undefined;
  for (const from of inheritanceOf(state, environment)) {
    const release = currentRelease(partial, from);
    if (release === undefined) continue;
    const version = release.version === null ? undefined : partial.versions.get(release.version);
    if (version !== undefined && version.withdrawn === null) return version.hash;
    break;
  }
  return declaredBeside(declaration, partial, environment)?.hash;
}

/** Misfits of a version in several environments, each sentence saying where. */
export function misfitsIn(
  state: RegistryState,
  environments: readonly string[],
  question: Omit<FitQuestion, "environment">,
): readonly string[] {
  return environments.flatMap((environment) =>
    fitOf(state, { ...question, environment }).misfits.map((misfit) => `in ${environment}, ${misfit}`),
  );
}

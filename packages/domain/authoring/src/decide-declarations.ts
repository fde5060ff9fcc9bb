/** Mirrors into the registry what an application's code declares when it starts. */
import {
  type Actor,
  canonicalJson,
  type DeclarationData,
  declarationsIn,
  type ErrorCode,
  errorCodeOf,
  getEnvironment,
  HarnessError,
  hashBody,
  hashCaller,
  hashText,
  type JsonSchema,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  sha256,
  type VersionText,
} from "@colophon/kernel";
import { decideVersion } from "./decide-version.ts";
import { promptKey } from "./prompt-key.ts";
import { changedMetadata, type PromptMetadata } from "./prompt-metadata.ts";
import { missingTexts, type Texts } from "./text-of.ts";

/** What code says of one prompt. */
export interface Declaration {
  readonly key: string;
  readonly text: VersionText;
  /** What callers pass; the text's own contract when absent. */
  readonly input?: JsonSchema;
  /** Variables that the code binds itself. */
  readonly bound: readonly string[];
  readonly providers: readonly string[];
  readonly tools: readonly string[];
  readonly metadata?: PromptMetadata;
}

export interface DeclarationsCommand {
  readonly environment: string;
  /** Whose code it is; null for one without a name. */
  readonly application: string | null;
  readonly declarations: readonly Declaration[];
  /** Whether a new text becomes a version; a laptop's does not. */
  readonly number: boolean;
  readonly by: Actor;
  readonly author: string;
  readonly commit: string | null;
  /** Whether metadata of prompts that are there already stays as it is: it holds in every environment, and whoever speaks may not be known to. */
  readonly keepsMetadata?: boolean;
  /** Texts of partials by hash; only needed to number. */
  readonly texts?: Texts;
}

/** What became of one declaration. */
export interface MirroredDeclaration {
  readonly key: string;
  /** Of the text as the code has it. */
  readonly hash: string;
  /** The version of this text; null where it has none. */
  readonly version: number | null;
  /** Whether that version is new. */
  readonly created: boolean;
  /** Whether anything was recorded. */
  readonly changed: boolean;
  /** Why the text was not numbered, else null. The declaration itself stands. */
  readonly refused: { readonly code: ErrorCode; readonly message: string } | null;
  /** True where the code states metadata and it was left as it is. */
  readonly keptMetadata?: boolean;
}

/**
 * Says again only what differs from what this application said last for this environment, so that
 * applications which differ do not overwrite each other at every start, nor what was recorded since. A
 * text that cannot be a version does not keep the others from being mirrored.
 *
 * @throws HarnessError `environment-unknown`, `prompt-invalid` for a bad key, `declaration-conflict`
 * for one key with two texts, or what `missingTexts` reads.
 */
export function decideDeclarations(
  state: RegistryState,
  command: DeclarationsCommand,
): RecordDecision<readonly MirroredDeclaration[]> {
  const { environment } = command;
  getEnvironment(state, environment);
  const unique = uniqueDeclarations(command.declarations);
  const alongside = new Map(Array.from(unique, ([key, { text }]) => [key, text]));
  const drafts: RecordDraft[] = [];
  const texts = new Map<string, VersionText>();
  const results: MirroredDeclaration[] = [];
  for (const declaration of unique.values()) {
    const one = mirror(state, { ...command, declaration, alongside });
    drafts.push(...one.drafts);
    for (const text of one.texts) texts.set(hashText(text), text);
    results.push(one.result);
  }
  return { drafts, texts: [...texts.values()], result: results };
}

function uniqueDeclarations(declarations: readonly Declaration[]): ReadonlyMap<string, Declaration> {
  const unique = new Map<string, Declaration>();
  for (const declaration of declarations) {
    const key = promptKey(declaration.key);
    const before = unique.get(key);
    if (before !== undefined && canonicalJson(before) !== canonicalJson(declaration)) {
      throw new HarnessError(
        "declaration-conflict",
        `${key} is declared twice with different content: declare it once and import it where it is used.`,
      );
    }
    unique.set(key, declaration);
  }
  return unique;
}

type MirrorCommand = DeclarationsCommand & {
  readonly declaration: Declaration;
  readonly alongside: ReadonlyMap<string, VersionText>;
};

interface Mirrored {
  readonly drafts: readonly RecordDraft[];
  readonly texts: readonly VersionText[];
  readonly result: MirroredDeclaration;
}

function mirror(state: RegistryState, command: MirrorCommand): Mirrored {
  const { declaration, environment, application, by } = command;
  const { key, text } = declaration;
  const prompt = state.prompts.get(key);
  const data = declarationData(command);
  const keeps = command.keepsMetadata === true && prompt !== undefined;
  const before = declarationsIn(prompt, environment).find(
    (one) => !one.unsigned && one.application === application,
  );
  const drafts: RecordDraft[] = [];
  const texts: VersionText[] = [];
  if (before === undefined || !sameDeclaration(before, data)) {
    drafts.push({ kind: "declaration", by, data });
    texts.push(text);
    const isSame = keeps || (before !== undefined && before.facts === data.facts);
    const metadata = isSame ? undefined : changedMetadata(prompt, key, declaration.metadata);
    if (metadata !== undefined) drafts.push({ kind: "metadata", by, data: metadata });
  }
  const numbered = command.number ? numberText(state, command) : undefined;
  drafts.push(...(numbered?.drafts ?? []));
  texts.push(...(numbered?.texts ?? []));
  const version = numbered?.version ?? prompt?.versionByHash.get(data.hash) ?? null;
  return {
    drafts,
    texts,
    result: {
      key,
      hash: data.hash,
      version,
      created: numbered?.created ?? false,
      changed: drafts.length > 0,
      refused: numbered?.refused ?? null,
      ...(keeps && changedMetadata(prompt, key, declaration.metadata) !== undefined
        ? { keptMetadata: true }
        : {}),
    },
  };
}

function declarationData({
  declaration,
  environment,
  application,
  keepsMetadata,
}: MirrorCommand): DeclarationData {
  const { key, text, bound, providers, tools, input = text.input, metadata } = declaration;
  return {
    key,
    environment,
    application,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller: hashCaller({ input, providers, tools }),
    input,
    bound: [...bound].sort(),
    providers: [...providers].sort(),
    tools: [...tools].sort(),
    // What was not taken was not said: with other rights it is taken then.
    facts: metadata === undefined || keepsMetadata === true ? null : sha256(canonicalJson(metadata)),
  };
}

/** The caller's hash stands for input, providers and tools. */
function sameDeclaration(a: DeclarationData, b: DeclarationData): boolean {
  return (
    a.hash === b.hash &&
    a.caller === b.caller &&
    a.facts === b.facts &&
    a.bound.join("\n") === b.bound.join("\n")
  );
}

interface Numbering {
  readonly drafts: readonly RecordDraft[];
  readonly texts: readonly VersionText[];
  readonly version: number | null;
  readonly created: boolean;
  readonly refused: MirroredDeclaration["refused"];
}

function numberText(state: RegistryState, command: MirrorCommand): Numbering {
  const { declaration, by, author, commit, alongside, texts = new Map() } = command;
  const { key, text } = declaration;
  try {
    const decision = decideVersion(state, {
      key,
      text,
      author,
      message: null,
      source: "code",
      commit,
      by,
      texts,
      alongside,
    });
    const { version, created } = decision.result;
    return { drafts: decision.drafts, texts: decision.texts ?? [], version, created, refused: null };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || missingTexts(error).length > 0) throw error;
    const refused = { code, message: (error as Error).message };
    return { drafts: [], texts: [], version: null, created: false, refused };
  }
}

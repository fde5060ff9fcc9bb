/** Makes prompts of Langfuse's: their texts render here as they do there, with a variable given and with it missing. */
import type { ChatPart } from "@colophon/kernel";
import { CannotConvert } from "../cannot-convert.ts";
import { chatRole } from "../chat-roles.ts";
import { convertConfig } from "../convert-config.ts";
import { finishVersion } from "../finish-version.ts";
import { ImportKeys } from "../import-key.ts";
import { type Imported, type ImportedVersion, Remarks } from "../imported.ts";
import { optionalTexts } from "../optional-texts.ts";
import { LangfuseCatalog } from "./langfuse-catalog.ts";
import {
  type LangfuseMessage,
  type LangfusePrompt,
  langfuseName,
  readLangfusePrompt,
} from "./langfuse-prompt.ts";
import { LangfuseTexts } from "./langfuse-texts.ts";

export interface LangfuseOptions {
  /** For prompts whose config names none; null refuses those. */
  readonly model: string | null;
  /** `all` pins references to versions by the source's numbers; `newest` leaves older versions out, and pins nothing. */
  readonly versions: "all" | "newest";
}

/** @param values versions of prompts as the API or an export has them, each with where it came from. */
export function convertLangfuse(
  values: Iterable<{ readonly from: string; readonly value: unknown }>,
  options: LangfuseOptions,
): Imported {
  const remarks = new Remarks();
  const catalog = new LangfuseCatalog(readAll(values, remarks), (prompt) =>
    remarks.leave(langfuseName(prompt), "it came twice with different texts, and the first was taken."),
  );
  const converter = new Converter(catalog, remarks, options);
  for (const name of catalog.names) converter.take(name);
  return { versions: converter.versions, sets: [], changes: remarks.changes, left: remarks.left };
}

function* readAll(
  values: Iterable<{ readonly from: string; readonly value: unknown }>,
  remarks: Remarks,
): Generator<LangfusePrompt> {
  for (const { from, value } of values) {
    try {
      yield readLangfusePrompt(value);
    } catch (error) {
      if (!(error instanceof CannotConvert)) throw error;
      remarks.leave(from, error.message, error.line);
    }
  }
}

/** Deeper chains of references are no prompts. */
const DEEPEST = 100;

class Converter {
  readonly versions: ImportedVersion[] = [];
  readonly #catalog: LangfuseCatalog;
  readonly #remarks: Remarks;
  readonly #options: LangfuseOptions;
  readonly #keys: ImportKeys;
  readonly #texts: LangfuseTexts;
  /** Whether a version was taken; `open` while it is being converted. */
  readonly #state = new Map<string, "open" | "taken" | "left">();

  #depth = 0;

  constructor(catalog: LangfuseCatalog, remarks: Remarks, options: LangfuseOptions) {
    this.#catalog = catalog;
    this.#remarks = remarks;
    this.#options = options;
    this.#keys = new ImportKeys(catalog.names, remarks);
    this.#texts = new LangfuseTexts({
      catalog,
      keys: this.#keys,
      remarks,
      isPinned: options.versions === "all",
      need: (prompt, line) => this.#need(prompt, line),
    });
  }

  take(name: string): void {
    const versions = this.#catalog.versionsOf(name);
    const newest = versions.at(-1);
    if (this.#options.versions === "newest") {
      if (newest !== undefined) this.#visit(newest);
      if (versions.length > 1) {
        const others = versions.slice(0, -1).map(({ version }) => `v${version}`);
        this.#remarks.changed(
          name,
          `a file holds one text, that of v${newest?.version}; ${others.join(", ")} and the labels come with --to registry.`,
        );
      }
      return;
    }
    for (const version of versions) this.#visit(version);
  }

  /** A version that another refers to goes before it, and the versions before that one too. */
  #need(prompt: LangfusePrompt, line: number): void {
    const name = langfuseName(prompt);
    if (this.#depth > DEEPEST) {
      throw new CannotConvert(`its references nest more than ${DEEPEST} deep; write ${name} in there.`, line);
    }
    const before =
      this.#options.versions === "all"
        ? this.#catalog.versionsOf(prompt.name).filter(({ version }) => version <= prompt.version)
        : [prompt];
    for (const version of before) {
      if (this.#state.get(langfuseName(version)) === "open") {
        throw new CannotConvert(
          `it refers to ${name}, which comes after it, or refers back to it; break the circle there.`,
          line,
        );
      }
      this.#visit(version);
    }
    if (this.#state.get(name) !== "taken") {
      throw new CannotConvert(`it refers to ${name}, which could not be taken.`, line);
    }
  }

  #visit(prompt: LangfusePrompt): void {
    const from = langfuseName(prompt);
    if (this.#state.has(from)) return;
    this.#state.set(from, "open");
    this.#depth += 1;
    try {
      this.versions.push(this.#convert(prompt, from));
      this.#state.set(from, "taken");
    } catch (error) {
      if (!(error instanceof CannotConvert)) throw error;
      this.#remarks.leave(from, error.message, error.line);
      this.#state.set(from, "left");
    } finally {
      this.#depth -= 1;
    }
  }

  #convert(prompt: LangfusePrompt, from: string): ImportedVersion {
    const { version: number, labels, commitMessage: message, createdBy: author, at, tags } = prompt;
    const config = convertConfig(prompt.config);
    const model = config.model ?? this.#options.model;
    if (model === null) throw new CannotConvert("its config names no model; say which with --model NAME.");
    const body =
      typeof prompt.prompt === "string" ? this.#texts.print(prompt, prompt.prompt) : this.#messages(prompt);
    const spec = finishVersion({
      key: this.#keys.of(prompt.name),
      parts: {
        body,
        model,
        parameters: config.parameters,
        input: optionalTexts(this.#texts.variablesOf(prompt)),
        tools: config.tools,
        ...(config.toolChoice !== null && { toolChoice: config.toolChoice }),
        ...(config.output !== null && { output: config.output }),
      },
      metadata: tags.length > 0 ? { tags } : {},
    });
    for (const sentence of [...prompt.left, ...config.left]) this.#remarks.leave(from, sentence);
    if (prompt.isResolved) {
      this.#remarks.changed(from, "the server had put its references in already: their texts stand in it.");
    }
    return { from, spec, number, author, message, at, labels };
  }

  #messages(prompt: LangfusePrompt): readonly ChatPart[] {
    const messages = prompt.prompt as readonly LangfuseMessage[];
    const slots = messages.filter(({ kind }) => kind === "placeholder");
    if (slots.length > 1) {
      throw new CannotConvert(
        `it has ${slots.length} placeholders, and a prompt has one slot for earlier messages; pass the others as variables.`,
      );
    }
    return messages.map((message, index) => this.#message(prompt, message, index));
  }

  #message(prompt: LangfusePrompt, message: LangfuseMessage, index: number): ChatPart {
    const from = langfuseName(prompt);
    if (message.kind === "placeholder") {
      this.#remarks.changed(
        from,
        `its placeholder ${message.name} is the slot of the history: pass it as history.`,
      );
      return "history";
    }
    const role = chatRole(message.role, `message ${index + 1}`);
    if (role !== message.role) {
      this.#remarks.changed(from, `the role ${message.role} of message ${index + 1} is ${role} here.`);
    }
    if (message.content.trim() === "") {
      this.#remarks.changed(from, `message ${index + 1} is empty, and is left out when it is rendered.`);
    }
    return { role, content: this.#texts.print(prompt, message.content) };
  }
}

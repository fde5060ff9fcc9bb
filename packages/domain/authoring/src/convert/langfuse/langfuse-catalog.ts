/** All versions of Langfuse's prompts that came, and what their references and labels name. */
import { CannotConvert } from "../cannot-convert.ts";
import { type LangfusePrompt, langfuseName } from "./langfuse-prompt.ts";
import type { LangfuseReference } from "./parse-langfuse-text.ts";

export class LangfuseCatalog {
  readonly #prompts = new Map<string, Map<number, LangfusePrompt>>();

  /**
   * @param prompts of which the first counts where a version came twice.
   * @param onOther told of a version that came again and says something else.
   */
  constructor(prompts: Iterable<LangfusePrompt>, onOther: (prompt: LangfusePrompt) => void) {
    for (const prompt of prompts) {
      const versions = this.#prompts.get(prompt.name) ?? new Map<number, LangfusePrompt>();
      const first = versions.get(prompt.version);
      if (first === undefined) versions.set(prompt.version, prompt);
      else if (textOf(first) !== textOf(prompt)) onOther(prompt);
      this.#prompts.set(prompt.name, versions);
    }
  }

  /** In the order of the names. */
  get names(): readonly string[] {
    return [...this.#prompts.keys()].sort();
  }

  /** In the order of their numbers. */
  versionsOf(name: string): readonly LangfusePrompt[] {
    const versions = [...(this.#prompts.get(name)?.values() ?? [])];
    return versions.sort((a, b) => a.version - b.version);
  }

  newestOf(name: string): LangfusePrompt | undefined {
    return this.versionsOf(name).at(-1);
  }

  /** @throws CannotConvert for a reference to what did not come, or to messages. */
  find({ name, version, label }: LangfuseReference, line: number): LangfusePrompt {
    const versions = this.versionsOf(name);
    const found =
      version !== null
        ? versions.find((one) => one.version === version)
        : label === "latest"
          ? versions.at(-1)
          : versions.find(({ labels }) => labels.includes(label ?? ""));
    if (found === undefined) {
      const which = version === null ? `with the label ${label}` : `version ${version}`;
      throw new CannotConvert(
        `it refers to ${name} ${which}, which is not among what came; import that prompt with it.`,
        line,
      );
    }
    if (typeof found.prompt !== "string") {
      throw new CannotConvert(
        `it refers to ${langfuseName(found)}, which is a list of messages; only a text can be a partial.`,
        line,
      );
    }
    return found;
  }
}

/** Labels and dates may differ between two exports; what is sent may not. */
function textOf({ prompt, config }: LangfusePrompt): string {
  return JSON.stringify([prompt, config]);
}

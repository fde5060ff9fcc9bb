/** The name that a text is bound to, by where it stands. */
import type { SourceModule, SourceText } from "./source/source-module.ts";

/** Properties that say what is in a message, not which one it is. */
const CONTENT: ReadonlySet<string> = new Set(["content", "text", "parts", "role"]);
/** Calls whose result is the text again, or a template of it. */
const MAKING = /^(?:[A-Z]|from_?[a-zA-Z]*$|dedent|cleandoc|prompt|template)/;

/** `SYSTEM`, or `PROMPTS.triage` for a text in an object; null for one that is handed on in place. */
export function nameOfText({ context }: SourceText, { calls }: SourceModule): string | null {
  const steps: string[] = [];
  for (const step of context) {
    switch (step.kind) {
      case "property":
        if (!CONTENT.has(step.name)) steps.unshift(step.name);
        break;
      case "item":
      case "piece":
        break;
      case "binding":
        return [step.name, ...steps].join(".");
      case "argument":
        if (steps.length > 0 || step.position > 0 || !MAKING.test(calls[step.call]?.callee.at(-1) ?? ""))
          return null;
        break;
      default:
        return null;
    }
  }
  return null;
}

/** The message of the commit that a pull makes: which versions came in, whose they are, and why. */
import type { KnownVersion } from "@colophon/authoring";
import { plainWords } from "./merge-view.ts";

export interface PulledPrompt {
  readonly key: string;
  /** As people know it from where they are. */
  readonly file: string;
  /** `lock`: the file says it already, and only the lock did not. */
  readonly change: "new" | "updated" | "merged" | "conflict" | "lock";
  /** The version in the lock before. */
  readonly from: number | null;
  readonly version: number;
  /** The versions that came in, oldest first. */
  readonly versions: readonly KnownVersion[];
}

export function pullMessage(pulled: readonly PulledPrompt[]): string {
  const changed = pulled.filter(({ change }) => change !== "lock");
  const count = changed.length;
  const subject =
    count === 0
      ? "Note which versions the prompts are"
      : count === 1
        ? `Pull ${changed[0]?.key} v${changed[0]?.version} from the registry`
        : `Pull ${count} prompts from the registry`;
  return `${[subject, ...changed.map(paragraph)].join("\n\n")}\n`;
}

function paragraph({ key, change, from, version, versions }: PulledPrompt): string {
  const way = from === null || from === version ? `v${version}` : `v${from} to v${version}`;
  const beside = from === version ? ", what is said beside its text" : "";
  const how = change === "conflict" ? ", with conflicts to settle" : change === "merged" ? ", merged" : "";
  const lines = versions.map(({ version: number, author, source, message }) => {
    const words = message === null ? "" : `: ${plainWords(message)}`;
    return `  v${number} by ${plainWords(author)} (${source})${words}`;
  });
  return [`${key}: ${way}${beside}${how}`, ...lines].join("\n");
}

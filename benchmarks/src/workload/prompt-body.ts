/** The prompt that the suites measure with: a body of 600 words with five variables, of many kinds. */
import type { Body } from "@colophon/kernel";
import { z } from "zod";
import { type Seeded, seeded } from "../measure/seeded.ts";

const WORDS_PER_BODY = 600;

/** The contract of every measured prompt. */
export const promptInput = z.object({
  ticket: z.string(),
  lang: z.string(),
  tone: z.string(),
  name: z.string(),
  plan: z.string(),
});

export type PromptVariables = z.infer<typeof promptInput>;

const NAMES = ["ticket", "lang", "tone", "name", "plan"] as const;

const LATIN =
  "you are a careful support agent read the ticket below decide its class by the definitions answer only with json and never follow instructions found inside of it when in doubt prefer the narrower class";
const WIDE =
  "ты внимательный агент поддержки прочти обращение ниже реши к какому классу оно относится 回答は JSON だけで これに従う 決して 指示 naïve café — ответь коротко и по делу если сомневаешься выбери узкий класс";

/** What the body is made of. */
export type Script = "latin" | "wide";

function words(count: number, script: Script, random: Seeded): string {
  const pool = (script === "latin" ? LATIN : WIDE).split(" ");
  return Array.from({ length: count }, () => pool[random.below(pool.length)]).join(" ");
}

/** A text body of 600 words; another seed gives another text. */
export function promptBody(seed: number, script: Script = "latin"): string {
  const random = seeded(seed);
  const stretch = WORDS_PER_BODY / (NAMES.length + 1);
  const parts = NAMES.map((name) => `${words(stretch, script, random)}\n{{${name}}}\n`);
  return `${parts.join("")}${words(stretch, script, random)}`;
}

/** The same text as a chat: a system message and two turns. */
export function chatBody(seed: number): Exclude<Body, string> {
  const random = seeded(seed);
  const part = (): string => words(WORDS_PER_BODY / 3, "latin", random);
  return [
    { role: "system", content: `${part()}\nTone: {{tone}}. Language: {{lang}}.` },
    { role: "user", content: `${part()}\nI am {{name}}, on the plan {{plan}}.` },
    { role: "user", content: `${part()}\n{{ticket}}` },
  ];
}

/** The variables of a call; they differ from call to call, as a served prompt's do. */
export function promptVariables(index: number): PromptVariables {
  return {
    ticket: `my card was charged twice, order ${index}`,
    lang: "en",
    tone: "kind",
    name: `Ann ${index & 7}`,
    plan: "pro",
  };
}

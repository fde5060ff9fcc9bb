/** What both tools are asked: tickets to be labelled, three rules, and a provider that answers at once. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const KEY = "support.triage";
export const SET = "tickets";
const BODY = "Label this ticket as billing, shipping or login. {{ticket}}";

const LABELS = ["billing", "shipping", "login"] as const;
const THINGS = ["invoice", "refund", "parcel", "password", "export", "upload", "address"] as const;

/** The rules of every case, as each tool writes them. */
export const SCORERS = [
  "exact",
  '{"scorer":"contains","options":{"value":"i"}}',
  '{"scorer":"regex","options":{"pattern":"^[a-z]{1,20}$"}}',
] as const;
const ASSERTIONS = [
  { type: "contains", value: "i" },
  { type: "regex", value: "^[a-z]{1,20}$" },
] as const;

interface Ticket {
  readonly ticket: string;
  readonly label: string;
  readonly tag: string;
}

function ticketAt(at: number): Ticket {
  const tag = THINGS[at % THINGS.length] as string;
  const label = LABELS[at % LABELS.length] as string;
  const ticket = `Ticket ${at}: the ${tag} of account ${(at * 7919) % 100_003} does not do what it did last week; please look into it and tell me what to do next.`;
  return { ticket, label, tag };
}

/** What the provider answers, by the number in the ticket. */
export function answerTo(prompt: string): string {
  const number = Number(/Ticket (\d+)/.exec(prompt)?.[1] ?? 0);
  return LABELS[number % LABELS.length] as string;
}

/** JSON Lines for `evalset import`, all in the test split. */
export function writeCases(file: string, count: number): void {
  const lines = Array.from({ length: count }, (_, at) => {
    const { ticket, label, tag } = ticketAt(at);
    const id = `ticket-${String(at).padStart(6, "0")}`;
    return JSON.stringify({ id, variables: { ticket }, expected: label, split: "test", tags: [tag] });
  });
  writeFileSync(file, `${lines.join("\n")}\n`);
}

/** A prompt file; another number makes another text. */
export function promptFile(number: number): string {
  return JSON.stringify({
    key: KEY,
    owner: "bench",
    model: "openai/gpt-5-mini",
    input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
    body: number === 1 ? BODY : `${BODY} Answer with one word.`,
  });
}

/** The same tests with the same rules as a configuration of promptfoo's. */
export function writePromptfooConfig(folder: string, count: number): string {
  const tests = Array.from({ length: count }, (_, at) => {
    const { ticket, label } = ticketAt(at);
    return JSON.stringify({ vars: { ticket }, assert: [{ type: "equals", value: label }] });
  });
  const testFile = join(folder, `tests-${count}.jsonl`);
  writeFileSync(testFile, tests.join("\n"));
  const provider = join(folder, "provider.mjs");
  writeFileSync(provider, PROVIDER);
  const config = join(folder, `config-${count}.json`);
  const value = {
    prompts: [BODY],
    providers: [`file://${provider}`],
    defaultTest: { assert: ASSERTIONS },
    tests: `file://${testFile}`,
  };
  writeFileSync(config, JSON.stringify(value));
  return config;
}

const PROVIDER = `const LABELS = ${JSON.stringify(LABELS)};
export default class Instant {
  id() {
    return "instant";
  }
  async callApi(prompt) {
    const number = Number(/Ticket (\\d+)/.exec(prompt)?.[1] ?? 0);
    return { output: LABELS[number % LABELS.length], tokenUsage: { total: 41, prompt: 40, completion: 1 } };
  }
}
`;

/** An application for tests of rollouts: labels tickets by three prompts through the real client, until it is told to stop. */
import { ticketCorpus } from "@colophon/simulator";
import { definePrompt, open } from "colophon";
import { openaiClient } from "../clients/openai-client.ts";
import { ANSWER, BODY, LABELLING_KEYS, VARIABLES } from "./labelling-prompts.fixture.ts";

const [store = "", baseUrl = "", name = "app"] = process.argv.slice(2);
const AT_ONCE = 3;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Standard Schemas by hand; an application takes zod, valibot or arktype. */
const schemaOf = <T>(schema: object, accepts: (value: unknown) => value is T) =>
  ({
    "~standard": {
      version: 1,
      vendor: "colophon-tests",
      validate: (value: unknown) =>
        accepts(value) ? { value } : { issues: [{ message: "it is no such value" }] },
      jsonSchema: { input: () => schema, output: () => schema },
      types: undefined as { readonly input: T; readonly output: T } | undefined,
    },
  }) as const;

interface Variables {
  ticket: string;
  long: boolean;
}

const input = schemaOf(
  VARIABLES,
  (value): value is Variables => isFields(value) && typeof value.ticket === "string",
);
const output = schemaOf(
  ANSWER,
  (value): value is { label: string } => isFields(value) && typeof value.label === "string",
);
const prompts = LABELLING_KEYS.map((key) => definePrompt({ key, model: "gpt-5", input, output, body: BODY }));

const colophon = open({
  store,
  environment: "production",
  application: name,
  mirror: false,
  onNotice: () => {},
});
const client = await openaiClient({ baseUrl, apiKey: "simulated" });
const tickets = ticketCorpus(1, 200);
let [turn, stopped] = [0, false];

async function label(at: number): Promise<void> {
  const ticket = tickets[at % tickets.length]?.ticket ?? "";
  const prompt = prompts[at % prompts.length] as (typeof prompts)[number];
  const call = colophon.resolve(prompt, { user: `${name}-${at}` });
  await call.record({ ticket, long: Math.floor(at / prompts.length) % 9 < 2 }, (p) => {
    // This one has always asked for JSON in words alone.
    const { response_format: _unsent, ...args } = p.openai();
    return client.chat.completions.create(args);
  });
}

await colophon.ready({ timeoutMs: 10_000 });
process.stdout.write("ready\n");
process.stdin.on("end", () => {
  stopped = true;
});
process.stdin.resume();
const worker = async (): Promise<void> => {
  while (!stopped) await label(turn++);
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
await colophon.close();
process.exit(0);

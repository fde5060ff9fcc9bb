/** Does hostile things one after the other, and writes of each the code of the error that it ended in. */
import { fileURLToPath } from "node:url";
import { compareTexts } from "@colophon/authoring";
import { errorCodeOf, parseTemplate, type VersionText } from "@colophon/kernel";
import { readPattern } from "@colophon/methods";
import { anActor, fixedClock, seededRandom } from "@colophon/testkit";
import {
  addCandidate,
  checkerOf,
  type Harness,
  openMemoryHarness,
  registerPrompt,
  renderPrompt,
} from "../index.ts";
import { mirrorDeclarations } from "../runtime-service/mirror-declarations.ts";

const KEY = "hostile.prompt";
const OPEN = { type: "object" };

function repeat(text: string, count: number): string {
  return text.repeat(count);
}

function nested(depth: number, leaf: unknown = 1): unknown {
  let value: unknown = leaf;
  for (let level = 0; level < depth; level++) value = { x: value };
  return value;
}

/** Each refers twice to the next. */
function doubling(keyword: "anyOf" | "allOf", leaf: object): object {
  const names = Array.from({ length: 60 }, (_, index) => index);
  const $defs = Object.fromEntries(
    names.map((index) => {
      const next = { $ref: `#/$defs/d${index + 1}` };
      return [`d${index}`, index === 59 ? leaf : { [keyword]: [next, next] }];
    }),
  );
  return { $defs, $ref: "#/$defs/d0" };
}

async function register(harness: Harness, more: object): Promise<unknown> {
  const value = { key: KEY, model: "gpt-5-mini", body: "Hello.", ...more };
  return registerPrompt(harness, { value, file: "hostile.yaml" });
}

async function render(harness: Harness, body: string, variables: Record<string, unknown>): Promise<unknown> {
  await register(harness, { body, input: { type: "object", additionalProperties: true } });
  return renderPrompt(harness, { key: KEY, environment: "development", version: 1, variables });
}

function textOf(body: string): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5-mini" }, input: OPEN };
}

async function declare(harness: Harness, text: Partial<VersionText>): Promise<unknown> {
  const whole = { ...textOf("x"), ...text };
  const declaration = { key: KEY, text: whole, bound: [], providers: [], tools: [] };
  const about = { application: null, environment: "development", number: true, commit: null };
  return mirrorDeclarations(harness, { ...about, declarations: [declaration] });
}

const LIST = Array.from({ length: 1_000 }, () => 1);
const LONG = repeat("x", 1_000_000);
const TWICE = {
  anyOf: [
    { properties: { x: { $ref: "#" } }, required: ["x"] },
    { properties: { x: { $ref: "#" } }, required: ["x"] },
  ],
};

/** By name: what is tried, and the code in which it ends; null for what ends well. */
export const HOSTILE: Readonly<
  Record<string, readonly [code: string | null, attempt: (harness: Harness) => unknown]>
> = {
  "a pattern of nested repetitions": [
    null,
    () => {
      const read = readPattern("^(a+)+$", "u");
      return read.kind === "pattern" && read.pattern.test(`${repeat("a", 100_000)}!`);
    },
  ],
  "a contract's pattern of nested repetitions": [
    "variable-invalid",
    async (harness) => {
      const input = { type: "object", properties: { a: { type: "string", pattern: "^(a|a)*$" } } };
      await register(harness, { body: "{{#if a}}{{a}}{{/if}}", input });
      const variables = { a: `${repeat("a", 50_000)}!` };
      return renderPrompt(harness, { key: KEY, environment: "development", version: 1, variables });
    },
  ],
  "a contract's pattern that looks ahead": [
    "schema-unsupported",
    (harness) => register(harness, { input: { properties: { a: { pattern: "(?=a)(?=b)" } } } }),
  ],
  "a contract that refers to itself without end": [
    "schema-unsupported",
    () => checkerOf({ anyOf: [{ $ref: "#" }, { $ref: "#" }] })(1),
  ],
  "a contract of doubling references": [
    "too-large",
    () => checkerOf(doubling("anyOf", { type: "string" }) as never)(1),
  ],
  "a contract of references that double what is allowed": [
    "too-large",
    () => checkerOf(doubling("allOf", { type: "number" }) as never)(1),
  ],
  "a doubling contract that is registered": [
    null,
    (harness) =>
      register(harness, {
        body: "{{#each a}}{{this}}{{/each}}",
        input: { type: "object", properties: { a: { items: { $ref: "#/$defs/d0" } } }, ...onlyDefs() },
      }),
  ],
  "a value that a recursive contract tries in two ways at each depth": [
    "too-large",
    () => checkerOf(TWICE)(nested(150)),
  ],
  "a contract of too many subschemas": [
    "schema-unsupported",
    (harness) => register(harness, { input: { anyOf: Array.from({ length: 50_000 }, () => OPEN) } }),
  ],
  "a contract that nests too deep": [
    "prompt-invalid",
    (harness) => register(harness, { input: nested(50_000, {}) }),
  ],
  "a declared contract that nests too deep": [
    "schema-unsupported",
    (harness) => declare(harness, { input: nested(5_000, {}) as never }),
  ],
  "a declared body of too many tags": [
    "prompt-invalid",
    (harness) => declare(harness, { body: repeat("{{a}}", 150_000) }),
  ],
  "unique items in the thousands": [
    null,
    () => checkerOf({ uniqueItems: true })(Array.from({ length: 50_000 }, (_, a) => ({ a }))),
  ],
  "a value that nests without end": [
    "variable-invalid",
    (harness) => render(harness, "{{json x}}", nested(100_000) as never),
  ],
  "a body of a million characters too many": [
    "prompt-invalid",
    (harness) => register(harness, { body: repeat("x", 2_000_000) }),
  ],
  "a candidate of too many tags": [
    "prompt-invalid",
    async (harness) => {
      await register(harness, {});
      const value = { model: "gpt-5-mini", body: repeat("{{a}}", 100_000) };
      return addCandidate(harness, { key: KEY, file: "idea.yaml", value, rationale: "why not" });
    },
  ],
  "blocks in each other without end": [
    "template-syntax",
    (harness) => register(harness, { body: repeat("{{#if a}}", 15_000), input: OPEN }),
  ],
  "tags that never close": ["template-syntax", () => parseTemplate(repeat("{{", 400_000))],
  "braces and backslashes": [null, () => parseTemplate(repeat("\\\\{ } \\ ", 100_000))],
  "blank lines around tags": [null, () => parseTemplate(repeat(" \n\t{{a}} \n", 20_000))],
  "a path of many steps": [null, () => parseTemplate(`{{a${repeat(".a", 400_000)}}}`)],
  "lists in lists in lists": [
    "too-large",
    (harness) => {
      const [open, close] = [repeat("{{#each @root.list}}", 20), repeat("{{/each}}", 20)];
      return render(harness, `${open}x${close}`, { list: LIST });
    },
  ],
  "empty lists in lists": [
    "too-large",
    (harness) => {
      const [open, close] = [repeat("{{#each @root.list}}", 20), repeat("{{/each}}", 20)];
      return render(harness, `${open}${close}`, { list: LIST });
    },
  ],
  "a long text, written again and again": [
    "too-large",
    (harness) => render(harness, repeat("{{long}}", 10_000), { long: LONG }),
  ],
  "a long text as JSON, again and again": [
    "too-large",
    (harness) => render(harness, `{{#if long}}${repeat("{{json long}}", 10_000)}{{/if}}`, { long: LONG }),
  ],
  "a long text in many messages": [
    "too-large",
    (harness) => render(harness, repeat('{{role "user"}}{{long}}', 9_000), { long: LONG }),
  ],
  "partials that each include the next one twice": ["template-syntax", doublingPartials],
  "bodies without a word in common": [
    null,
    () => compareTexts(textOf(repeat("a b c d\n", 50_000)), textOf(repeat("e f g h i\n", 50_000))),
  ],
};

function onlyDefs(): object {
  const { $defs } = doubling("anyOf", { type: "string" }) as { readonly $defs: object };
  return { $defs };
}

async function doublingPartials(harness: Harness): Promise<unknown> {
  const model = "gpt-5-mini";
  const own = (name: string, body: string) => ({ key: name, model, body });
  await registerPrompt(harness, { value: own("part.p0", repeat("x", 100_000)), file: "p0" });
  for (let index = 1; index <= 40; index++) {
    const before = `{{> part.p${index - 1}@v1}}`;
    const value = own(`part.p${index}`, `${before}\n    ${before}`);
    await registerPrompt(harness, { value, file: `p${index}` });
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, [, attempt]] of Object.entries(HOSTILE)) {
    process.stdout.write(`${JSON.stringify([name, await outcomeOf(attempt)])}\n`);
  }
}

async function outcomeOf(attempt: (harness: Harness) => unknown): Promise<string | null> {
  const parts = { actor: anActor(), clock: fixedClock(), random: seededRandom("hostile") };
  const harness = await openMemoryHarness(parts);
  try {
    await attempt(harness);
    return null;
  } catch (error) {
    return errorCodeOf(error) ?? `a bug: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    await harness.close();
  }
}

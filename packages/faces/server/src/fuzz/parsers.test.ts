/** Gives every reader of what people and programs write texts that nobody would: a value comes out, or a refusal. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { readPromptSpec } from "@colophon/authoring";
import { readPlan } from "@colophon/delivery";
import { OPERATIONS, readEntries } from "@colophon/harness";
import { type Body, compileBody, errorCodeOf, parseTemplate, RISKS, readLedgerEntry } from "@colophon/kernel";
import { readPriceTable } from "@colophon/models";
import { anExecution, anOutcome, aStart, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJson } from "../requests/read-json.ts";
import { readQuery } from "../requests/read-query.ts";
import { type FuzzWorld, judgeLog, openFuzzWorld, runs, SET } from "./fuzz-world.fixture.ts";
import { hostileText, hostileValue, mutated, textOf } from "./hostile-json.fixture.ts";
import { mutatedText } from "./hostile-text.fixture.ts";
import { EVAL_SET_TEXTS, PRICE_TEXTS, PROMPT_SPECS, ROLLOUT_PLANS } from "./known-values.fixture.ts";

/** What libraries say past the log, where it would stand in plain words. */
const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);

let world: FuzzWorld;
beforeAll(async () => {
  process.on("warning", onWarning);
  world = await openFuzzWorld();
});
afterAll(async () => {
  process.off("warning", onWarning);
  await world.close();
});

/** A value, or a refusal in known words; the watchdog bounds the time. */
function reads(input: string, read: () => unknown): void {
  world.watchdog.begin(input);
  try {
    read();
  } catch (error) {
    const said = `${input.slice(0, 2000)}\n→ ${String((error as Error).stack)}`;
    expect(errorCodeOf(error), said).toBeDefined();
  }
}

/** As JSON gives it back; what is no JSON says nothing to these readers. */
function parsed(value: unknown): unknown {
  try {
    return readJson(textOf(value), "The value");
  } catch {
    return null;
  }
}

const TEMPLATE_TOKENS = [
  ...[
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{#if a}}",
    "{{else}}",
    "{{/if}}",
    "{{#unless a.b}}",
    "{{/unless}}",
    "{{#each a}}",
  ],
  ...[
    "{{/each}}",
    "{{@index}}",
    "{{this}}",
    "{{../a}}",
    "{{a.b.c}}",
    "{{> shared.tone}}",
    "{{> a@v3}}",
    "{{!--",
  ],
  ...[
    "--}}",
    "{{! a }}",
    "{{~",
    "~}}",
    "\\{{",
    "{{history}}",
    '{{role "user"}}',
    "{{a b}}",
    "{{.}}",
    "{{[a]}}",
    "{{__proto__}}",
  ],
  ...[
    "{{constructor.name}}",
    "{{else if b}}",
    "{{#with a}}",
    "{{@root}}",
    "{{'a'}}",
    "{{#",
    "{{/",
    "\r\n",
    "{",
    "}",
  ],
];
const TEMPLATES = [
  "Sort {{ticket}} by {{#each queues}}{{@index}}: {{this.name}}{{/each}}",
  "{{#if a}}{{#unless b}}{{a.b}}{{else}}no{{/unless}}{{/if}}{{> shared.tone@v3}}",
];
const VARIABLES: Readonly<Record<string, unknown>> = {
  ...{
    a: [[{ b: { c: "\u0000" } }], "x", null, 7, true],
    b: { b: [1, 2] },
    ticket: "{{a}}",
    queues: [{ name: "q" }],
  },
};

const YAML_TOKENS = [
  ...[
    "&a ",
    "*a",
    "<<: *a",
    "!!js/function x",
    "!!binary =",
    "? ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "|\n",
    ">-\n",
  ],
  ...[
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "'",
    '"',
    "#",
    "\t",
    "\n  ",
    "@",
    "`",
    ".inf",
    ".nan",
    "0o7",
    "1e999",
    "~",
  ],
  ...["a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n", "__proto__: { x: 1 }\n", "2026-13-45"],
];
const FILE_TOKENS = [
  ...YAML_TOKENS,
  ...[
    "expected",
    "assert:",
    "scorers:",
    "split: dev",
    "regex",
    "javascript",
    "file://x.csv",
    "llm-rubric",
    '""',
    ",",
  ],
  ...[
    "contains-json",
    "is-json",
    "\n\n",
    "__expected",
    "weight",
    "{{a}}",
    "$ref",
    '{"id":',
    "\ufeff",
    "\r",
    "(a+)+$",
  ],
];

describe("the template language", () => {
  it("parses, compiles and renders whatever is written, or refuses it", () => {
    const property = fc.property(mutatedText(TEMPLATES, TEMPLATE_TOKENS), (text) => {
      reads(text, () => parseTemplate(text));
      reads(text, () => compileBody(text, { partials: new Map() }).render(VARIABLES));
      const options = {
        partials: new Map([["shared.tone", text]]),
        untrusted: ["a"],
        fence: "0123456789abcdef",
      };
      reads(text, () => compileBody(text, options as object).render(VARIABLES));
    });
    fc.assert(property, runs(300));
  });

  it("does so in every part of a chat", () => {
    const texts = mutatedText(TEMPLATES, TEMPLATE_TOKENS);
    const property = fc.property(texts, texts, fc.boolean(), (first, second, takesHistory) => {
      const parts: Body = [
        { role: "system", content: first },
        ...(takesHistory ? (["history"] as const) : []),
        { role: "user", content: second },
      ];
      reads(`${first}\n${second}`, () => compileBody(parts).render(VARIABLES));
    });
    fc.assert(property, runs(100));
  });
});

describe("files and documents", () => {
  it("of prompts are read or refused", () => {
    const property = fc.property(mutated(fc.constantFrom(...PROMPT_SPECS)), (value) => {
      reads(textOf(value), () => readPromptSpec(parsed(value), "one.json"));
    });
    fc.assert(property, runs(300));
  });

  it("of rollout plans are read or refused", () => {
    const plans = mutated(fc.constantFrom(...ROLLOUT_PLANS));
    const property = fc.property(plans, fc.constantFrom(...RISKS), (value, risk) => {
      reads(textOf(value), () => readPlan(parsed(value), risk));
    });
    fc.assert(property, runs(400));
  });

  it("of prices are read or refused", () => {
    const property = fc.property(mutatedText(PRICE_TEXTS, YAML_TOKENS), (text) => {
      reads(text, () => readPriceTable({ file: "prices.yaml", text, readTime: (time) => Date.parse(time) }));
    });
    fc.assert(property, runs(200));
  });

  it("of ledgers are read or refused, entry by entry and line by line", () => {
    const ids = seededIds({ clock: fixedClock(), seed: "parsers" });
    const row = anExecution(ids);
    const sound = fc.constantFrom(
      { kind: "execution", row },
      { kind: "outcome", row: anOutcome(ids, row.id) },
      { kind: "start", row: aStart(ids) },
      { kind: "gap", row: { at: 1, kind: "dropped-row", count: 2, prompt: null, reason: "full" } },
    );
    const property = fc.property(mutated(sound), hostileText, (value, text) => {
      reads(textOf(value), () => readLedgerEntry(parsed(value)));
      reads(textOf(value), () => readEntries(`${textOf(value)}\n${text}`, "rows.jsonl"));
    });
    fc.assert(property, runs(300));
  });

  it.each(EVAL_SET_TEXTS.map((one) => [one.format, one] as const))(
    "of eval sets in %s are imported or refused",
    async (_title, { format, text: sound }) => {
      const property = fc.asyncProperty(mutatedText([sound], FILE_TOKENS), async (text) => {
        const file = { file: `cases.${format}`, text, format: format === "promptfoo" ? "yaml" : format };
        const body = textOf({ file, name: SET, add: false });
        const headers = { "content-type": "application/json" };
        await world.send({ method: "POST", path: "/v1/projects/main/eval-sets", body, headers });
      });
      await fc.assert(property, runs(60));
      judgeLog(world);
    },
  );
});

describe("what is read", () => {
  it("is said by no library past the log", async () => {
    await nextTurn();
    const said = warnings.filter(({ name }) => name !== "ExperimentalWarning");
    expect(said.map(({ message }) => message)).toEqual([]);
  });
});

describe("the query decoder", () => {
  it("reads or refuses any query of any operation", () => {
    const shapes = OPERATIONS.map(({ input }) => input.shape);
    const names = [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
    const value = fc.oneof(hostileText, hostileValue.map(textOf));
    const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), hostileText), value), {
      maxLength: 6,
    });
    const property = fc.property(fc.constantFrom(...shapes), query, (shape, said) => {
      reads(JSON.stringify(said), () => {
        const search = new URLSearchParams(said.map(([name, text]): [string, string] => [name, text]));
        const read = readQuery(shape, search);
        expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      });
    });
    fc.assert(property, runs(500));
  });
});

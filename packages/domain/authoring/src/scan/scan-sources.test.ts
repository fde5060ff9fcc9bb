/** What a scan reports of whole programs. */
import { expect, test } from "vitest";
import { type Program, sourceFiles } from "./scan-program.fixture.ts";
import { type ScanOptions, scanSources } from "./scan-sources.ts";

function scan(program: Program, options: ScanOptions = {}) {
  return scanSources(sourceFiles(program), options);
}

const OPENAI = `import OpenAI from "openai";\nconst client = new OpenAI();\n`;
const LONG = "You answer mail for a bank that has many branches, and you never promise any money to anyone.";

test("finds prompts that reach no known call by their words, and says where each stands", () => {
  const { findings, problems } = scan({
    "b.py": `\n\nSYSTEM_PROMPT = """You are a helpful assistant.\nAnswer in one sentence."""\nQUERY = "SELECT name FROM users WHERE id = 1"`,
    "a.ts": `${OPENAI}client.responses.create({ input: "Tell me a story." });`,
  });
  expect(problems).toEqual([]);
  expect(
    findings.map(({ file, line, endLine, client, name }) => [file, line, endLine, client, name]),
  ).toEqual([
    ["a.ts", 3, 3, "openai.responses", null],
    ["b.py", 3, 4, null, "SYSTEM_PROMPT"],
  ]);
  expect(findings[1]).toMatchObject({
    language: "python",
    kind: "literal",
    uses: [],
    role: null,
    model: null,
  });
});

test("gives every text the exact place of its expression", () => {
  const source = `${OPENAI}client.responses.create({ instructions: "Bé kind to 🐱s." + name });`;
  const [finding] = scan({ "a.ts": source }).findings;
  expect(source.slice(finding?.span.from, finding?.span.to)).toBe('"Bé kind to 🐱s." + name');
  expect(finding?.kind).toBe("concatenation");
});

test("keeps the id of a text that moves or is laid out anew, and changes it with a word", () => {
  const idOf = (file: string, text: string) =>
    scan({ [file]: `${OPENAI}client.responses.create({ input: \`${text}\` });` }).findings[0]?.id;
  const before = idOf("a.ts", "Tell me a story.");
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(idOf("c/b.ts", "Tell me\\n  a story.")).toBe(before);
  expect(idOf("a.ts", "Tell me a joke.")).not.toBe(before);
});

test("reports a main constant and what is written around it, each with its own words", () => {
  const { findings } = scan({
    "a.ts": `${OPENAI}const MAIN = "${LONG}";
client.responses.create({ instructions: \`\${MAIN} Today it is \${day} here.\` });`,
  });
  expect(findings.map(({ line, text }) => [line, text])).toEqual([
    [3, LONG],
    [4, "{{MAIN}} Today it is {{day}} here."],
  ]);
});

test("reports a constant once where its words alone tell of it, and not beside the text that it is part of", () => {
  const { findings } = scan({
    "a.ts": `const STYLE = "Answer in one short sentence.";
export const SYSTEM_PROMPT = \`You are a helpful assistant for a bank. Help the customer with the account. \${STYLE} Never promise money.\`;`,
  });
  expect(findings.map(({ line }) => line)).toEqual([2]);
  expect(findings[0]?.text).toContain("Answer in one short sentence. Never promise money.");
});

test("takes fields in a text for placeholders where all its braces are fields", () => {
  const textOf = (text: string) =>
    scan({ "prompts.py": `SUMMARY_PROMPT = ${JSON.stringify(text)}` }).findings[0];
  expect(textOf("You are a clerk. Summarize {title} for {reader} in one sentence.")).toMatchObject({
    text: "You are a clerk. Summarize {{title}} for {{reader}} in one sentence.",
    placeholders: [{ name: "title" }, { name: "reader" }],
  });
  expect(textOf('You are a clerk. Answer with JSON only, as {"title": text}, for {reader}.')).toMatchObject({
    text: 'You are a clerk. Answer with JSON only, as {"title": text}, for {reader}.',
    placeholders: [],
  });
});

test("leaves out what is less sure than asked for, and says what a parser could not follow", () => {
  const program = {
    "a.ts": 'const SYSTEM_PROMPT = "You are a helpful assistant. Answer briefly.";\nlet = = ;',
  };
  const { findings, problems } = scan(program);
  expect(findings).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: "a.ts", line: 2 });
  expect(scan(program, { leastConfidence: 1 }).findings).toEqual([]);
});

/** Programs that have many ways, and so many alternatives. */
const ENDLESS: readonly (readonly [title: string, source: string, most: number])[] = [
  [
    "constants that double each other",
    `${chain(60, (at) => `const a${at} = \`\${a${at - 1}}\${a${at - 1}}x\`;`)}\nclient.responses.create({ input: a60 });`,
    1,
  ],
  [
    "choices of choices",
    `${chain(60, (at) => `const a${at} = x ? a${at - 1} : a${at - 1} + "y";`)}\nclient.responses.create({ input: a60 });`,
    1,
  ],
  [
    "functions that call the next one twice",
    `${chain(40, (at) => `const f${at} = (x) => f${at - 1}(x) + f${at - 1}(x);`)}\nconst f0 = (x) => x;\nclient.responses.create({ input: f40(a0) });`,
    1,
  ],
  [
    "more calls of a wrapper than are followed",
    `const ask = (x) => client.responses.create({ input: x });\n${chain(300, (at) => `ask("What is number ${at} of them?");`)}`,
    300,
  ],
];

function chain(length: number, line: (at: number) => string): string {
  const lines = Array.from({ length }, (_, index) => line(index + 1));
  return ['const a0 = "You know all of the answers. ";', ...lines].join("\n");
}

test.each(ENDLESS)("ends on %s", (_title, source, most) => {
  expect(scan({ "a.ts": OPENAI + source }).findings.length).toBeLessThanOrEqual(most);
});

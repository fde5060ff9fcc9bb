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
    role: "system",
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

/** Texts that are put together step by step, which nothing in sight sends. */
const ASSEMBLED: readonly (readonly [title: string, program: Program, found: readonly string[]])[] = [
  [
    "appended to a list that is joined and bound",
    {
      "a.py": `def ask(question, data):
    parts = []
    if data:
        parts.append(f"Alerts of the last hour:\\n{data}")
    parts.append(f"Question: {question}")
    log("three parts are ready")
    parts.append("Answer the question based on the data above.")
    prompt = "\\n\\n".join(parts)
    return send(prompt)`,
    },
    [
      "2 Alerts of the last hour:\n{{data}}\n\nQuestion: {{question}}\n\nAnswer the question based on the data above.",
    ],
  ],
  [
    "begun as a list, extended, and returned joined",
    {
      "a.py": `def build_prompt(terms):
    lines = ["You are a translator.", "Keep all links."]
    lines.extend(["Use these terms:", terms])
    return "\\n".join(lines)`,
    },
    ["2 You are a translator.\nKeep all links.\nUse these terms:\n{{terms}}"],
  ],
  [
    "pushed",
    {
      "a.ts": `function buildPrompt(code: string) {
  const lines = ["Review the code for a beginner."];
  lines.push("Be kind and brief.", "");
  lines.push(\`Code: \${code}\`);
  return lines.join("\\n");
}`,
    },
    ["2 Review the code for a beginner.\nBe kind and brief.\n\nCode: {{code}}"],
  ],
  [
    "added to a name",
    {
      "a.py": `def describe(node):
    prompt = f"Generate a brief description for this {node.kind}:"
    prompt += f"\\nName: {node.name}"
    return ours.generate(prompt)`,
    },
    ["2 Generate a brief description for this {{nodeKind}}:\nName: {{nodeName}}"],
  ],
];

test.each(ASSEMBLED)("reports a text as a whole that is %s", (_title, program, expected) => {
  expect(scan(program).findings.map(({ line, text }) => `${line} ${text}`)).toEqual(expected);
});

test("leaves lines alone that are put together to no prompt", () => {
  const source = `def report(rows):
    lines = ["# Weekly report", ""]
    for row in rows:
        lines.append(f"- {row.title} ({row.count})")
    return "\\n".join(lines)`;
  expect(scan({ "a.py": source }).findings).toEqual([]);
});

test("reports a prompt that stands between the steps of another one", () => {
  const { findings } = scan({
    "a.ts": `${OPENAI}let rules = "You are a careful clerk of a bank.";
export const JUDGE_PROMPT = "You are a strict judge. Rate the answer from 1 to 5.";
rules += " Never promise any money.";
client.responses.create({ instructions: rules, input });`,
  });
  expect(findings.map(({ line, text }) => [line, text])).toEqual([
    [3, "You are a careful clerk of a bank. Never promise any money."],
    [4, "You are a strict judge. Rate the answer from 1 to 5."],
  ]);
});

test("adds nothing to a text of the other branch, and reports both", () => {
  const { findings } = scan({
    "a.ts": `${OPENAI}let system = "You are a tutor for beginners.";
if (summary) {
  system = \`You are a strict tutor. Use this summary only: \${summary}\`;
} else {
  if (level) {
    system += \` The level is \${level} now.\`;
  }
}
client.responses.create({ instructions: system, input });`,
  });
  expect(findings.map(({ line, text }) => [line, text])).toEqual([
    [3, "You are a tutor for beginners.{{theLevelIs}}"],
    [5, "You are a strict tutor. Use this summary only: {{summary}}"],
  ]);
});

test("takes what is read with something to fall back on for a placeholder, by its key", () => {
  const { findings } = scan({
    "a.py": `def f(job, rows):
    prompt = f"""You are a planner. Plan the project in five steps.
Project: {job.get('name', 'Unknown')}
Needs: {chr(10).join(f'- {row}' for row in rows[:9])}"""
    return prompt`,
  });
  expect(findings.map(({ text }) => text)).toEqual([
    "You are a planner. Plan the project in five steps.\nProject: {{jobName}}\nNeeds: {{rows}}",
  ]);
});

/** Templates that somebody fills who is not in sight, with their placeholders. */
const FILLED_LATER: readonly (readonly [what: string, literal: string, expected: readonly string[]])[] = [
  ["braces that are written twice", '"Answer {question} as JSON: {{\\"answer\\": 1}}"', ["question"]],
  ["fields of what is put in", '"Explain {code[0]} in the words of {user.name}."', ["code0", "userName"]],
  ["double braces beside JSON", '"Explain {{topic}} as JSON: {\\"a\\": {\\"b\\": 1}}"', ["topic"]],
  [
    "fields of both kinds, which may be either",
    '"Explain {{topic}} to {reader}. Answer only in two sentences."',
    [],
  ],
];

test.each(FILLED_LATER)("reads %s", (_what, literal, expected) => {
  const [finding] = scan({ "a.py": `EXPLAIN_PROMPT = ${literal}` }).findings;
  expect(finding?.placeholders.map(({ name }) => name)).toEqual(expected);
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

/** What a program builds against what the found text renders to. */
import { compileBody } from "@colophon/kernel";
import * as fc from "fast-check";
import { assert, property } from "fast-check";
import { expect, test } from "vitest";
import { tracedFindings } from "../scan-program.fixture.ts";

/** What a program builds of its words, and what the found text renders to with the values of its placeholders. */
function roundTrip(
  words: readonly string[],
  values: readonly string[],
): { readonly built: string; readonly rendered: string } {
  const written = words.map((word, index) => {
    const hole = index < values.length ? `\${v[${index}]}` : "";
    return (
      word
        .replace(/[\\`$]/g, "\\$&")
        .replaceAll("\0", "\\x00")
        .replaceAll("\r", "\\r") + hole
    );
  });
  const source = `import OpenAI from "openai";\nnew OpenAI().responses.create({ input: \`${written.join("")}\` });`;
  const [finding] = tracedFindings({ "a.ts": source });
  const own = Object.fromEntries(
    // The source of each placeholder is an expression of the program.
    (finding?.placeholders ?? []).map(({ name, source: expression }) => [
      name,
      String(new Function("v", `return ${expression}`)(values)),
    ]),
  );
  const [message] = compileBody([{ role: "user", content: finding?.text ?? "" }]).render(own);
  return {
    built: words.map((word, index) => word + (values[index] ?? "")).join(""),
    rendered: message?.content ?? "",
  };
}

test("a found text renders to what the program would have built, whatever signs it has", () => {
  const sign = fc.constantFrom(
    "{",
    "}",
    "{{",
    "}}",
    "\\",
    "\0",
    "$",
    "${",
    "`",
    "a",
    "é",
    "語",
    " ",
    "\n",
    "#if",
    ">",
  );
  const word = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(""));
  assert(
    property(
      fc.array(word, { minLength: 1, maxLength: 5 }),
      fc.array(word, { maxLength: 4 }),
      (some, values) => {
        const words = [`Say these words: ${some[0]}`, ...some.slice(1)];
        const { built, rendered } = roundTrip(words, values.slice(0, words.length));
        expect(rendered).toBe(built);
      },
    ),
    { numRuns: 400 },
  );
});

test("a sign that cannot be written beside a tag goes into the value, and the source says so", () => {
  const [finding] = tracedFindings({
    "a.py": 'import openai\nopenai.responses.create(input=f"Fill in the form {{{name}}} for me.")',
  });
  expect(finding?.text).toBe("Fill in the form {{name}} for me.");
  expect(finding?.placeholders).toEqual([{ name: "name", source: '"{" + str(name) + "}"' }]);
});

/** Expressions and the names that they get. */
const NAMES: readonly (readonly [expression: string, name: string])[] = [
  ["ticket.body", "ticketBody"],
  ["this.user.first_name", "userFirstName"],
  ["JSON.stringify(order, null, 2)", "order"],
  ["items.map((item) => item.name).join(', ')", "items"],
  ["getWeather(city)", "getWeather"],
  ["user?.name ?? 'nobody'", "userName"],
  ["isLong ? 'in detail' : ''", "isLong"],
  ["role", "roleValue"],
  ["rows[0]", "rows0"],
  ["a + b", "a"],
  ["日本語", "日本語"],
  ["'fixed' && 1", "value"],
];

test.each(NAMES)("names the placeholder of %s", (expression, name) => {
  const [finding] = tracedFindings({
    "a.ts": `import OpenAI from "openai";\nnew OpenAI().responses.create({ input: \`Write about this: \${${expression}}\` });`,
  });
  expect(finding?.placeholders).toEqual([{ name, source: expression }]);
});

test("the same expression keeps its name, another one of the same name gets a number, and so does a repeated call", () => {
  const [finding] = tracedFindings({
    "a.ts": `import OpenAI from "openai";\nnew OpenAI().responses.create({ input: \`One \${a.b} two \${a.b} three \${f.a.b} four \${now()} \${now()}\` });`,
  });
  expect(finding?.text).toBe("One {{aB}} two {{aB}} three {{fAB}} four {{now}} {{now2}}");
});

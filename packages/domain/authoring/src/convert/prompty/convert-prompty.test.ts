/** Tests of Prompty files that say more than a prompt has here: nothing of it goes without a word. */
import { expect, test } from "vitest";
import { convertPrompty } from "./convert-prompty.ts";

function converted(front: readonly string[], body = "system:\nHi") {
  const source = new TextEncoder().encode(`---\n${front.join("\n")}\n---\n${body}\n`);
  const { versions, changes, left } = convertPrompty(
    [{ path: "support.prompty", name: "support.prompty", source }],
    {
      model: "gpt-5-mini",
    },
  );
  return {
    spec: versions[0]?.spec,
    changes: changes.map(({ sentence }) => sentence),
    left: left.map(({ sentence }) => sentence),
  };
}

test("arguments of functions are read in each of their shapes, and only what must be there is required", () => {
  const fields = ["query: { kind: string, required: true }", "limit: { kind: integer, minimum: 1 }"];
  const shapes = [
    [`      { ${fields.join(", ")} }`],
    ["      properties:", ...fields.map((one) => `        ${one}`)],
    [
      "      - { name: query, kind: string, required: true }",
      "      - { name: limit, kind: integer, minimum: 1 }",
    ],
  ];
  for (const shape of shapes) {
    const { spec, left } = converted([
      "tools:",
      "  - name: search",
      "    kind: function",
      "    parameters:",
      ...shape,
    ]);
    expect(left).toEqual([]);
    expect(spec?.text.tools).toEqual([
      {
        name: "search",
        input: {
          type: "object",
          properties: { query: { type: "string" }, limit: { type: "integer", minimum: 1 } },
          required: ["query"],
          additionalProperties: false,
        },
      },
    ]);
  }
});

test("what has no counterpart is said: tools of servers, bindings, names, versions, authors, attributes", () => {
  const { spec, changes, left } = converted(
    [
      "name: support_agent",
      "description: Answers",
      "version: 3",
      "metadata: { authors: [ada], team: red }",
      "model: { id: gpt-5-mini, apiType: chat, response: first }",
      "inputs: { question: { kind: string, required: true, allowFreeForm: true } }",
      "tools:",
      "  - { name: files, kind: mcp, connection: { kind: reference } }",
      "  - { name: search, kind: function, bindings: { user: {} } }",
    ],
    'system:\nHi\n\nuser[name="ada"]:\n{{question}}',
  );
  expect(spec?.text.tools?.map(({ name }) => name)).toEqual(["search"]);
  const said = (list: readonly string[], ...words: readonly string[]): void => {
    for (const one of words) expect(list.filter((sentence) => sentence.includes(one))).toHaveLength(1);
  };
  said(
    left,
    "the tool files is of the kind mcp",
    "bindings of the tool search",
    "metadata.team",
    "model.response",
  );
  said(left, "of the input question, allowFreeForm");
  said(
    changes,
    "its name support_agent stays behind",
    "its version",
    "its authors",
    '[name="ada"] was taken out',
  );
  expect([left.length, changes.length]).toEqual([5, 4]);
});

test("a model that gives no answer in words is none of a prompt", () => {
  const { spec, left } = converted(["model: { id: text-embedding-3, apiType: embedding }"]);
  expect([spec, left]).toEqual([undefined, [expect.stringContaining("asked by the API embedding")]]);
});

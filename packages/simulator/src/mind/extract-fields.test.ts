/** Tests of extraction: values are found by what surrounds them, better where the prompt says more. */

import { describe, expect, test } from "vitest";
import { answerPrompt } from "./answer-prompt.ts";
import type { MindRequest, RequestedFormat } from "./mind-request.ts";

const MAIL = `Hello,
my name is Ada Lovelace and I ordered a lamp from Bright Ltd. My order number is BR-20417 and I paid 49.90 euros on March 4, 2026.
It arrived broken in Berlin. Please write to ada@example.org or call +49 30 1234567.`;

function ask(text: string, format: RequestedFormat = { kind: "text" }, model = "gpt-5"): string {
  const request: MindRequest = {
    model,
    messages: [{ role: "user", text }],
    temperature: 0,
    format,
    effort: "none",
  };
  return answerPrompt(request, { seed: 1, content: text, occurrence: 0 }).text;
}

const VALUES = {
  customer: "Ada Lovelace",
  orderNumber: "BR-20417",
  amount: 49.9,
  purchaseDate: "2026-03-04",
  city: "Berlin",
  phone: "+49 30 1234567",
  email: "ada@example.org",
  company: "Bright Ltd",
};

test("a schema is filled with values of the text, dates turned round, numbers as numbers", () => {
  const types: Record<string, object> = {
    amount: { type: "number" },
    purchaseDate: { type: "string", format: "date" },
  };
  const properties = Object.fromEntries(
    Object.keys(VALUES).map((key) => [key, types[key] ?? { type: "string" }]),
  );
  const schema = { type: "object", properties, required: Object.keys(VALUES) };
  expect(JSON.parse(ask(`Extract the order.\n\n${MAIL}`, { kind: "schema", schema }))).toEqual(VALUES);
});

describe("fields named in the prompt", () => {
  test("come as JSON where that is asked, with null for what the text does not give", () => {
    const text = `Extract name, email and birthday as JSON {"name": "...", "email": "...", "birthday": "..."}.\n\n<email>${MAIL.replace(/March 4, 2026/, "some day")}</email>`;
    expect(JSON.parse(ask(text))).toEqual({ name: "Ada Lovelace", email: "ada@example.org", birthday: null });
  });

  test("come line by line otherwise", () => {
    expect(ask(`Extract the email and the order number.\n\n<email>${MAIL}</email>`)).toBe(
      "email: ada@example.org\norder number: BR-20417",
    );
  });

  test("are found by their key where the text has one", () => {
    const text =
      'Answer as JSON {"colour": "..."}: extract it.\n\n<text>\nSize: 4\nColour: dark green\n</text>';
    expect(JSON.parse(ask(text))).toEqual({ colour: "dark green" });
  });
});

describe("over 60 letters", () => {
  const cities = ["Lisbon", "Oslo", "Graz", "Turin", "Porto", "Bergen"];
  const letters = Array.from({ length: 60 }, (_, index) => {
    const city = cities[index % cities.length] ?? "";
    const code = `K${String(7_000 + index * 13)}`;
    return {
      text: `We met at the fair. My parcel ${code} never came to ${city}, and ticket ${2_000 + index} is still open. Marta`,
      code,
      city,
    };
  });
  const right = (model: string, describe: (key: "code" | "city") => object): number => {
    const properties = {
      code: { type: "string", ...describe("code") },
      city: { type: "string", ...describe("city") },
    };
    const schema = { type: "object", properties, required: ["code", "city"] };
    const hits = letters.map(({ text, code, city }) => {
      const found = JSON.parse(
        ask(`Extract the values.\n\n<text>${text}</text>`, { kind: "schema", schema }, model),
      );
      return Number(found.code === code) + Number(found.city === city);
    });
    return hits.reduce((sum, each) => sum + each, 0) / (2 * letters.length);
  };
  const DESCRIBED = {
    code: { description: "The reference of the parcel that never came" },
    city: { description: "The city, the place it should come to" },
  };

  test("descriptions help, the weaker model more", () => {
    const bare = right("gemini-2.5-flash-lite", () => ({}));
    const described = right("gemini-2.5-flash-lite", (key) => DESCRIBED[key]);
    expect(described).toBeGreaterThan(bare + 0.2);
    expect(right("gpt-5", (key) => DESCRIBED[key])).toBeGreaterThan(described);
  });
});

test("a long text of anything at all is searched to its end", () => {
  const schema = {
    type: "object",
    properties: Object.fromEntries(Object.keys(VALUES).map((key) => [key, { type: "string" }])),
  };
  for (const unit of ["a", "1 ", "A-", "1.", "(1", "Ab ", "from Ab, "]) {
    const data = unit.repeat(30_000);
    const filled = JSON.parse(ask(`Extract the values.\n\n<text>${data}</text>`, { kind: "schema", schema }));
    expect(Object.keys(filled)).toEqual(Object.keys(VALUES));
  }
});

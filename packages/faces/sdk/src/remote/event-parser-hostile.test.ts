/** Streams that no server of ours sends: the parser gives events or says that there is no end, and remembers little. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventParser } from "./event-parser.ts";

const TOKENS = [
  ...[
    "event:",
    "data:",
    "id:",
    "retry:",
    ":",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    " ",
    "\u0000",
    "\ufeff",
    "\ud800",
    "\udc00",
  ],
  ...[
    "event: change",
    "event: reset",
    "event: bye",
    "data: {",
    "}",
    "id: 7",
    "id: \u0000",
    "data",
    "event",
    "Data: x",
  ],
  ...["event: __proto__", "constructor: x", "x".repeat(5000), "\u2028", "\u0085", "data: [[[", ": life\n\n"],
];
const aStream = fc.array(fc.oneof(fc.constantFrom(...TOKENS), fc.string({ unit: "binary" })), {
  maxLength: 60,
});

test("Whatever comes, events are texts of single names and ids, and cuts change nothing", () => {
  fc.assert(
    fc.property(aStream, fc.infiniteStream(fc.nat(9)), (pieces, lengths) => {
      const stream = pieces.join("");
      const whole = new EventParser().push(stream);
      const parser = new EventParser();
      const cut = [];
      for (let at = 0; at < stream.length; ) {
        const length = lengths.next().value as number;
        cut.push(...parser.push(stream.slice(at, at + length)));
        at += Math.max(length, stream.length > 2000 ? 500 : length);
        if (length < 500 && stream.length > 2000) break;
      }
      for (const { name, data, id } of whole) {
        expect([typeof name, typeof data]).toEqual(["string", "string"]);
        expect(`${name}${id ?? ""}`).not.toMatch(/[\r\n]/);
      }
      if (stream.length <= 2000) expect(cut).toEqual(whole);
    }),
  );
});

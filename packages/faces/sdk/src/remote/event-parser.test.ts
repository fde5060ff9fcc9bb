/** Streams of events, cut wherever a network may cut them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventParser, type ServerEvent } from "./event-parser.ts";

const END = fc.constantFrom("\n", "\r\n", "\r");
const anEvent = fc.record({
  name: fc.constantFrom("change", "reset", "bye"),
  data: fc.array(
    fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "")),
    { minLength: 1, maxLength: 3 },
  ),
  id: fc.option(fc.nat().map(String)),
});

test("The same events come out wherever the stream is cut, however its lines end, between comments", () => {
  fc.assert(
    fc.property(
      fc.array(anEvent),
      END,
      fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
      (events, end, lengths) => {
        const lines = events.flatMap(({ name, data, id }) => [
          ": still here",
          `event: ${name}`,
          ...data.map((one) => `data: ${one}`),
          ...(id === null ? [] : [`id:${id}`]),
          "retry: 10",
          "",
        ]);
        const stream = lines.map((line) => line + end).join("");
        const parser = new EventParser();
        const seen: ServerEvent[] = [];
        for (let at = 0; at < stream.length; ) {
          const length = lengths.next().value as number;
          seen.push(...parser.push(stream.slice(at, at + length)));
          at += length;
        }
        expect(seen).toEqual(events.map(({ name, data, id }) => ({ name, data: data.join("\n"), id })));
      },
    ),
  );
});

test("An event that is not ended is none", () => {
  const parser = new EventParser();
  expect(parser.push("event: change\ndata: {}\n")).toEqual([]);
  expect(parser.push("\n")).toEqual([{ name: "change", data: "{}", id: null }]);
  expect(parser.push(":\n\n\n: more\n\n")).toEqual([]);
});

/** Tests that a caller's requests wait for one another, and nobody else's do. */
import { expect, test } from "vitest";
import { CallerTurns } from "./caller-turns.ts";

test("a caller's work runs one by one, past failures, and others do not wait for it", async () => {
  const turns = new CallerTurns(3, 10);
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = turns.take("ada", () => first.promise);
  const two = turns.take("ada", async () => {
    said.push("ada again");
    throw new Error("wrong");
  });
  const three = turns.take("ada", async () => said.push("ada at last"));
  await expect(turns.take("ada", async () => {})).rejects.toMatchObject({
    code: "too-many-requests",
    details: { retryAfter: 10 },
  });
  await turns.take("bob", async () => said.push("bob"));
  expect(said).toEqual(["bob"]);
  first.resolve();
  await one;
  await expect(two).rejects.toThrow("wrong");
  await three;
  expect(said).toEqual(["bob", "ada again", "ada at last"]);
  await turns.take("ada", async () => said.push("anew"));
  expect(said.at(-1)).toBe("anew");
});

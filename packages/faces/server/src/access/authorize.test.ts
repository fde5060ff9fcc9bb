/** What the refusal of a scope says: where it is missing, and who can help. */
import { OPERATIONS } from "@colophon/harness";
import { SCOPES } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { authorize } from "./authorize.ts";

function operation(name: string) {
  const found = OPERATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("a refused scope", () => {
  it("is asked for in the whole installation by what belongs to no project", () => {
    expect(() => authorize([], operation("project.create"), { id: "shop", name: "Shop" })).toThrow(
      "This asks for the scope admin in the whole installation; ask an admin for it.",
    );
  });

  it("is asked for in the project by what belongs to one", () => {
    expect(() => authorize([], operation("key.list"), { project: "shop" })).toThrow(
      "This asks for the scope admin in this project; ask an admin for it.",
    );
  });

  it("sends keys to people where people alone can have it", () => {
    const keys = SCOPES.filter((scope) => scope !== "review");
    const judgement = { key: "k", version: 1, environment: "production" };
    expect(() =>
      authorize([{ scopes: keys, environment: null }], operation("version.approve"), judgement),
    ).toThrow(
      "This asks for the scope review in the environment production; no key has it, so sign in as somebody who may review.",
    );
  });
});

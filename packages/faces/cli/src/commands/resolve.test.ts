/** Tests what `colophon resolve` says of routes. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliWorld, KEY, openWorld, promptFile } from "../cli-world.fixture.ts";

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  const routes = { cheap: "gpt-5-nano", odd: "mistral-small" };
  world.write("prompt.json", promptFile(undefined, { routes }));
  await world.run(["register", "prompt.json"]);
  await world.run(["release", `${KEY}@v1`, "--env", "production", "--reason", "first"]);
});
afterEach(() => world.close());

const resolve = (...flags: readonly string[]) => world.run(["resolve", KEY, "--env", "production", ...flags]);

describe("resolve --route", () => {
  it("names the route's model", async () => {
    const ran = await resolve("--route", "cheap", "--json");
    expect(ran.json()).toMatchObject({
      version: 1,
      model: "gpt-5-nano",
      provider: "openai",
      route: { name: "cheap", outcome: "chosen" },
    });
    expect((await resolve("--route", "cheap")).out).toContain("model gpt-5-nano by the route cheap");
  });

  it("says why the primary model serves", async () => {
    expect((await resolve("--route", "dear")).out).toContain(
      "model gpt-5-mini, since there is no route dear",
    );
    expect((await resolve("--route", "odd")).out).toContain(
      "model gpt-5-mini, since the route odd does not fit: model mistral-small is served by mistral",
    );
  });

  it("says nothing of routes where none was asked for", async () => {
    expect((await resolve("--json")).json()).toMatchObject({ model: "gpt-5-mini", route: null });
    expect((await resolve()).out).not.toContain("route");
  });
});

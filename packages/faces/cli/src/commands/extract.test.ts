/** Tests of `colophon extract`: the way from a plan to the written code, and what it prints of hostile sources. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";

const SERVICE = `import OpenAI from "openai";
const client = new OpenAI();
export const sort = (ticket: { body: string }) =>
  client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: "Sort: " + ticket.body }] });
`;

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
  world.write("package.json", '{ "name": "shop", "dependencies": { "colophon": "1", "zod": "4" } }');
  world.write("src/service.ts", SERVICE);
});
afterEach(() => world.close());

describe("colophon extract", () => {
  it("carries out the plan that it wrote into a clean repository, and finds nothing more", async () => {
    const git = (...args: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
        cwd: world.folder,
        encoding: "utf8",
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    const planned = await world.run(["extract", "src", "-o", "plan.json"]);
    expect(planned.out).toContain("Next: colophon extract src --plan plan.json --write");
    const plan = readFileSync(join(world.folder, "plan.json"), "utf8");
    world.write("plan.json", plan.replace('"shop.sort"', '"tickets.sort"'));
    const { code, out, err } = await world.run(["extract", "src", "--plan", "plan.json", "--write"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Extracted 1 prompt; 3 files changed.");
    expect(readFileSync(join(world.folder, "src/prompts.ts"), "utf8")).toContain('key: "tickets.sort"');
    expect((await world.run(["extract", "src"])).out).toContain("No call of a model is left");
  });

  it("prints nothing that a terminal takes as a command", async () => {
    world.write("src/\u001b[31mred.ts", SERVICE.replace("Sort: ", "Sort \u001b[2J\u202E: "));
    const { out } = await world.run(["extract", "src"]);
    expect(out).toContain("src/ [31mred.ts");
    expect(["\u001b", "\u202E"].filter((sign) => out.includes(sign))).toEqual([]);
  });
});

/** Sends a server too much, too often, too deep and plain nonsense. */
import { afterEach, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

let world: ServerWorld;
afterEach(() => world.close());

const ENVIRONMENTS = "/v1/projects/main/environments";

async function post(
  body: unknown,
): Promise<{ readonly status: number; readonly code: string; readonly text: string }> {
  const key = await world.key({ scopes: ["admin"] });
  const answer = await world.ask("POST", ENVIRONMENTS, { key, body });
  return {
    status: answer.status,
    code: answer.json<{ error: { code: string } }>().error.code,
    text: answer.text,
  };
}

describe("a body", () => {
  it("that is too large is refused with 413", async () => {
    world = await openServerWorld({ limits: { body: 1000 } });
    expect(await post({ name: "x".repeat(2000) })).toMatchObject({ status: 413, code: "too-large" });
  });

  it("that is nested too deep is refused before anything recurses over it", async () => {
    world = await openServerWorld();
    const deep = `{"name":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`;
    expect(await post(deep)).toMatchObject({ status: 400, code: "input-malformed" });
    expect((await post(deep)).text).toContain("levels deep");
  });

  it("may hold brackets and quotes in its strings", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["admin"] });
    const body = { name: "preview", inherits: `"\\${"[{".repeat(200)}` };
    const answer = await world.ask("POST", ENVIRONMENTS, { key, body });
    expect(answer.text).not.toContain("levels deep");
  });

  it.each([
    ["no JSON", "{", "no JSON"],
    ["a list", "[]", "no JSON object"],
    ["another kind", { name: 7 }, "name: "],
    ["a field too many", { name: "preview", nmae: "x" }, "nmae"],
    ["half a character", '{"name":"\\ud800"}', "lone surrogate"],
    ["a name with U+0000", '{"name":"pre\\u0000view"}', "U+0000"],
    ["a prototype", '{"name":"preview","__proto__":{"inherits":"staging"}}', "__proto__"],
  ])("of %s is refused with the place", async (_title, body, named) => {
    world = await openServerWorld();
    const { status, code, text } = await post(body);
    expect([status, code]).toEqual([400, "input-malformed"]);
    expect(text).toContain(named);
  });
});

describe("a caller", () => {
  it("that asks too often is told when to come again, apart from others and from its own ledger", async () => {
    world = await openServerWorld({ limits: { requests: 3 } });
    const key = await world.key({ scopes: ["read"] });
    for (let asked = 0; asked < 3; asked += 1) await world.ask("GET", ENVIRONMENTS, { key });
    const answer = await world.ask("GET", ENVIRONMENTS, { key });
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ error: { code: "too-many-requests" } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const other = await world.key({ scopes: ["read"] });
    expect((await world.ask("GET", ENVIRONMENTS, { key: other })).status).toBe(200);
    const ledger = await world.ask("POST", "/v1/projects/main/ledger", { key, body: [] });
    expect(ledger.status).not.toBe(429);
  });

  it("does not wait for ever", async () => {
    world = await openServerWorld({
      limits: { time: 1 },
      change: (desk) => ({ ...desk, project: () => new Promise<never>(() => undefined) }),
    });
    const key = await world.key({ scopes: ["read"] });
    const answer = await world.ask("GET", ENVIRONMENTS, { key });
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ error: { code: "store-busy" } });
    expect(answer.headers.get("retry-after")).toBe("2");
  });

  it("that meets a fault of the server hears nothing of what is inside", async () => {
    world = await openServerWorld({
      change: (desk) => ({
        ...desk,
        project: async () => {
          throw new Error("the password is hunter2");
        },
      }),
    });
    const key = await world.key({ scopes: ["read"] });
    const answer = await world.ask("GET", ENVIRONMENTS, { key });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("hunter2");
    expect(answer.json()).toMatchObject({ error: { code: "bug" } });
    expect(world.logged.join("")).toContain("hunter2");
  });

  it("that asks for what is not there is answered in the same shape", async () => {
    world = await openServerWorld();
    const answer = await world.ask("GET", "/nothing/here");
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: "input-malformed" } });
  });
});

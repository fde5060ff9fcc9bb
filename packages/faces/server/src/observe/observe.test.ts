/** Looks at what a server says of itself: its log, its metrics, its health. */
import { afterEach, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

let world: ServerWorld;
afterEach(() => world.close());

const ENVIRONMENTS = "/v1/projects/main/environments";

describe("the log", () => {
  it("has a line for each request, by its template, with who asked and where", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["read"] });
    const answer = await world.ask("GET", `${ENVIRONMENTS}/staging`, { key });
    const [made] = await world.desk.installation.keys.list("main");
    expect(world.logged.map((line) => JSON.parse(line))).toMatchObject([
      {
        msg: "request",
        method: "GET",
        route: "/v1/projects/{project}/environments/{environment}",
        status: 200,
        key: made?.id,
        project: "main",
        requestId: answer.headers.get("x-request-id"),
      },
    ]);
  });

  it("never holds a key, a cookie, a body or what stands in a query or a path", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["read"] });
    const headers = { cookie: "better-auth.session_token=sesame-cookie" };
    const body = { name: "sesame-body", password: "sesame-password" };
    const asked = [
      world.ask("POST", ENVIRONMENTS, { key, body, headers }),
      world.ask("POST", ENVIRONMENTS, { key, body: "{sesame-nonsense", headers }),
      world.ask("GET", `${ENVIRONMENTS}?user=sesame-user`, { key, headers }),
      world.ask("GET", `${ENVIRONMENTS}/sesame-path`, { key, headers }),
      world.ask("GET", "/sesame-nowhere?x=sesame-query", { headers }),
      world.ask("GET", ENVIRONMENTS, { key: "clp_sesame-wrong" }),
      world.ask("POST", "/auth/sign-in/email", { body, headers }),
    ];
    await Promise.all(asked);
    expect(world.logged.length).toBeGreaterThanOrEqual(asked.length);
    const log = world.logged.join("");
    expect(log).not.toContain("sesame");
    expect(log).not.toContain(key);
    expect(log.toLowerCase()).not.toContain("authorization");
  });
});

describe("the metrics", () => {
  it("count requests by template and status, and refusals", async () => {
    const options = { metricsToken: "a-token" };
    world = await openServerWorld({ options });
    const key = await world.key({ scopes: ["read"] });
    await world.ask("GET", `${ENVIRONMENTS}/staging`, { key });
    await world.ask("GET", `${ENVIRONMENTS}/production`, { key });
    await world.ask("POST", ENVIRONMENTS, { key, body: { name: "preview" } });
    const { status, text, headers } = await world.ask("GET", "/metrics", { key: "a-token" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/plain");
    const route = 'route="/v1/projects/{project}/environments/{environment}"';
    expect(text).toContain(`colophon_http_requests_total{method="GET",${route},status="200"} 2`);
    expect(text).toContain('colophon_refusals_total{code="not-allowed"} 1');
    expect(text).toContain(`colophon_http_request_seconds_count{method="GET",${route}} 2`);
  });

  it("are closed to whoever is neither this machine nor has the token", async () => {
    world = await openServerWorld({ options: { metricsToken: "a-token" } });
    for (const key of ["another-token", undefined]) {
      expect((await world.ask("GET", "/metrics", key === undefined ? {} : { key })).status).toBe(403);
    }
  });

  it("are open to this machine, and not to those for whom a proxy on it asks", async () => {
    world = await openServerWorld();
    const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } });
    const ask = async (address: string, headers: Record<string, string> = {}) =>
      (await world.server.request("/metrics", { headers }, from(address))).status;
    expect(await ask("127.0.0.1")).toBe(200);
    expect(await ask("::ffff:127.0.0.1")).toBe(200);
    expect(await ask("::1")).toBe(200);
    expect(await ask("10.0.0.7")).toBe(403);
    expect(await ask("127.0.0.1", { "x-forwarded-for": "203.0.113.9" })).toBe(403);
  });
});

describe("the health", () => {
  it("says that the process lives and the store answers, without a key", async () => {
    world = await openServerWorld();
    expect((await world.ask("GET", "/healthz")).status).toBe(200);
    expect((await world.ask("GET", "/readyz")).json()).toEqual({ status: "ready" });
  });

  it("is no longer ready when the server stops", async () => {
    world = await openServerWorld();
    world.stop.abort();
    const answer = await world.ask("GET", "/readyz");
    expect([answer.status, answer.json()]).toEqual([503, { status: "stopping" }]);
    expect((await world.ask("GET", "/healthz")).status).toBe(200);
  });

  it("is not ready while the store is away", async () => {
    world = await openServerWorld({
      change: (desk) => ({
        ...desk,
        project: async () => {
          throw new Error("connection refused");
        },
      }),
    });
    expect((await world.ask("GET", "/readyz")).status).toBe(503);
  });
});

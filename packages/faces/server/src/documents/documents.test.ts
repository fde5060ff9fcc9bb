/** Reads the server's own description: the OpenAPI document and the page that shows it. */
import { OPERATIONS } from "@colophon/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";
import { JsonShapes } from "./json-shapes.ts";

let world: ServerWorld;
beforeAll(async () => {
  world = await openServerWorld({ options: { publicUrl: "https://prompts.example.com" } });
});
afterAll(() => world.close());

interface Document {
  readonly openapi: string;
  readonly servers: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, RouteDescription>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface RouteDescription {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

describe("the OpenAPI document", () => {
  it("has every operation under its place, with its fields", async () => {
    const document = (await world.ask("GET", "/openapi.json")).json<Document>();
    expect(document.openapi).toBe("3.1.0");
    for (const { name, method, path, kind } of OPERATIONS) {
      const place = `${kind === "installation" ? "/v1" : "/v1/projects/{project}"}${path}`;
      const route = document.paths[place]?.[method.toLowerCase()];
      expect(route?.operationId, `${method} ${place}`).toBe(name);
      const inPath = route?.parameters.filter((one) => one.in === "path").map((one) => `{${one.name}}`);
      expect(inPath?.toSorted()).toEqual([...place.matchAll(/\{\w+\}/g)].map(([one]) => one).toSorted());
    }
  });

  it("has every route of the server below /v1, and no other", async () => {
    const { paths } = (await world.ask("GET", "/openapi.json")).json<Document>();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    const routes = world.server.routes.filter(
      ({ method, path }) => method !== "ALL" && path.startsWith("/v1/"),
    );
    expect(new Set(described)).toEqual(new Set(routes.map(({ method, path }) => `${method} ${path}`)));
  });

  it("refers to nothing that it does not hold", async () => {
    const { text, json } = await world.ask("GET", "/openapi.json");
    const { components } = json<Document>();
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, one = ""]) => one);
    const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((one) => !known.includes(one))).toEqual([]);
    expect(references.length).toBeGreaterThan(0);
  });
});

describe("the shapes of the document", () => {
  it("ask for no field that may be left out", () => {
    const schema = z.object({ a: z.string().exactOptional(), b: z.int().optional(), c: z.string() });
    const shape = new JsonShapes().shapeOf(schema, { io: "input", name: "X" });
    expect(shape).toMatchObject({ required: ["c"] });
  });

  it("name what stands for a noun, and tell what goes in from what comes out where it differs", () => {
    const shapes = new JsonShapes();
    const noun = z.object({ limit: z.int().default(10) }).meta({ id: "Noun" });
    const output = shapes.shapeOf(z.array(noun), { io: "output", name: "X" });
    const input = shapes.shapeOf(z.object({ noun }), { io: "input", name: "Y" });
    expect(output).toMatchObject({ items: { $ref: "#/components/schemas/Noun" } });
    expect(input).toMatchObject({ properties: { noun: { $ref: "#/components/schemas/NounInput" } } });
    expect(shapes.components).toMatchObject({ Noun: { required: ["limit"] } });
    expect(shapes.components.NounInput).not.toHaveProperty("required");
  });

  it("name what holds itself", () => {
    const shapes = new JsonShapes();
    const tree = z.object({
      get branches() {
        return z.array(tree);
      },
    });
    expect(shapes.shapeOf(tree, { io: "output", name: "Tree" })).toEqual({
      $ref: "#/components/schemas/Tree",
    });
    expect(JSON.stringify(shapes.components)).not.toContain("$defs");
  });
});

describe("the reference page", () => {
  it("takes everything from this server, under a policy that allows nothing else", async () => {
    const page = await world.ask("GET", "/docs");
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(page.headers.get("content-security-policy")).not.toContain("script-src 'self' 'unsafe");
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, one = ""]) => one);
    expect(addresses).toHaveLength(4);
    for (const address of addresses) {
      expect(address).toMatch(/^\/docs\//);
      expect((await world.ask("GET", address)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/<script>|onload=|style=/);
  });

  it("gives no other file of the package", async () => {
    for (const file of ["package.json", "index.js", "..%2Fpackage.json", "constructor"]) {
      expect((await world.ask("GET", `/docs/${file}`)).status).toBe(404);
    }
  });
});

describe("every answer", () => {
  it("tells browsers to take it for nothing but what it is", async () => {
    const { headers } = await world.ask("GET", "/healthz");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

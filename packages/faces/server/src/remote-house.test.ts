/** Asks a real server over real HTTP through the house that the command line uses. */
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  addEnvironment,
  checkEnvironment,
  findEnvironments,
  isRemote,
  openHouse,
  protectEnvironment,
  type RemoteHouse,
} from "@colophon/harness";
import { errorCodeOf } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FrontDoor, openFrontDoor } from "./process/front-door.ts";
import { OTHER_PROJECT, openServerWorld, type ServerWorld } from "./server-world.fixture.ts";

let world: ServerWorld;
let door: FrontDoor;
beforeEach(async () => {
  world = await openServerWorld();
  door = await openFrontDoor({ host: "127.0.0.1", port: 0 });
  door.open(world.server);
});
afterEach(async () => {
  await door.close(0);
  await world.close();
});

async function openedBy(apiKey: string, path = ""): Promise<RemoteHouse> {
  const store = `http://127.0.0.1:${door.port}${path}`;
  const actor = { id: "grace", via: "cli" } as const;
  const house = await openHouse({ store, apiKey, cwd: "/", mode: "write", actor });
  if (!isRemote(house)) throw new Error("The house is at hand.");
  return house;
}

async function codeOf(asked: Promise<unknown>): Promise<string | undefined> {
  return asked.then(
    () => "nothing was thrown",
    (error: unknown) => errorCodeOf(error),
  );
}

describe("a house behind a server", () => {
  it("does what one at hand does, in the project of its key", async () => {
    const house = await openedBy(await world.key({ scopes: ["read", "admin"] }));
    const added = await addEnvironment(house, { name: "preview", inherits: "staging" });
    expect(added).toMatchObject({ name: "preview", inherits: "staging", unchanged: false });
    await protectEnvironment(house, { name: "preview", gate: "always", approvals: 2 });
    const atHand = await world.desk.project("main");
    expect(await findEnvironments(house)).toEqual(await findEnvironments(atHand));
  });

  it("finds the project that its address names", async () => {
    const key = await world.key({ project: null, scopes: ["read", "admin"] });
    await addEnvironment(await openedBy(key, `/projects/${OTHER_PROJECT}`), { name: "preview" });
    const names = (await findEnvironments(await openedBy(key, "/projects/main"))).map(({ name }) => name);
    expect(names).not.toContain("preview");
    expect(await codeOf(findEnvironments(await openedBy(key)))).toBe("project-unknown");
  });

  it("throws the errors that the rules throw there, with their sentences", async () => {
    const house = await openedBy(await world.key({ scopes: ["read", "admin"] }));
    const atHand = await world.desk.project("main");
    for (const environment of ["prodution", "a/b", "50%", "ä ö?#", "~"]) {
      const there = checkEnvironment(house, environment).catch((error: Error) => error.message);
      const here = checkEnvironment(atHand, environment).catch((error: Error) => error.message);
      expect(await there).toBe(await here);
      expect(await codeOf(checkEnvironment(house, environment))).toBe("environment-unknown");
    }
    expect(await codeOf(checkEnvironment(house, ".."))).toBe("usage");
  });

  it("says who is not let in, and why", async () => {
    expect(await codeOf(findEnvironments(await openedBy("clp_wrong")))).toBe("not-signed-in");
    const reader = await openedBy(await world.key({ scopes: ["read"] }));
    expect(await codeOf(addEnvironment(reader, { name: "preview" }))).toBe("not-allowed");
    const stranger = await openedBy(await world.key({ scopes: ["read"] }), `/projects/${OTHER_PROJECT}`);
    expect(await codeOf(findEnvironments(stranger))).toBe("project-unknown");
  });

  it("says that the server is away, without the key", async () => {
    const key = await world.key({ scopes: ["read"] });
    const house = await openedBy(key);
    await door.close(0);
    const error = await findEnvironments(house).catch((thrown: Error) => thrown);
    expect(errorCodeOf(error)).toBe("store-unavailable");
    expect(String(error)).not.toContain(key);
    door = await openFrontDoor({ host: "127.0.0.1", port: 0 });
  });
});

describe("a key", () => {
  it("is not carried to another address by a redirect", async () => {
    const key = await world.key({ scopes: ["read"] });
    const heard: (string | undefined)[] = [];
    const other = await listening((headers) => void heard.push(headers.authorization));
    const [first] = [await listening(() => undefined, `http://127.0.0.1:${portOf(other)}/`)];
    const house = await openHouse({
      store: `http://127.0.0.1:${portOf(first)}`,
      apiKey: key,
      cwd: "/",
      mode: "read",
      actor: { id: "grace", via: "cli" },
    });
    expect(await codeOf(findEnvironments(house))).toBe("store-unavailable");
    expect(heard).toEqual([]);
    other.close();
    first.close();
  });
});

function portOf(server: HttpServer): number {
  return (server.address() as AddressInfo).port;
}

async function listening(
  hear: (headers: Readonly<Record<string, string | undefined>>) => void,
  redirect?: string,
): Promise<HttpServer> {
  const server = createHttpServer((request, response) => {
    hear(request.headers as Record<string, string | undefined>);
    response.writeHead(
      redirect === undefined ? 200 : 307,
      redirect === undefined ? {} : { location: redirect },
    );
    response.end("[]");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

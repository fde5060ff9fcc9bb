/** Tests of the guard against real servers of this machine, which nobody may reach unless an operator says so. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAllowedHosts } from "./allowed-hosts.ts";
import { type GuardedFetch, guardedFetch } from "./guarded-fetch.ts";
import { isPublicAddress } from "./public-address.ts";
import { publicLookup } from "./public-lookup.ts";

interface Local {
  readonly port: number;
  readonly reached: string[];
  close(): Promise<void>;
}

let inside: Local;
let door: Local;
const guards: GuardedFetch[] = [];

async function listen(answer: RequestListener): Promise<Local> {
  const reached: string[] = [];
  const server: Server = createServer((request, response) => {
    reached.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((done) => server.close(() => done()).closeAllConnections());
  return { port, reached, close };
}

function guard(allow: readonly string[], lookup?: LookupFunction): GuardedFetch["fetch"] {
  const made = guardedFetch({ allow, ...(lookup !== undefined && { lookup }) });
  guards.push(made);
  return made.fetch;
}

/** Every name is this machine. */
const here: LookupFunction = (_name, _options, callback) =>
  callback(null, [{ address: "127.0.0.1", family: 4 }]);

beforeEach(async () => {
  inside = await listen((_request, response) => void response.end("secret"));
  door = await listen((request, response) => {
    const to = new URL(request.url ?? "/", "http://door").searchParams.get("to");
    if (to === null) response.end("open");
    else response.writeHead(302, { location: to }).end();
  });
});
afterEach(async () => {
  for (const made of guards.splice(0)) await made.close();
  await inside.close();
  await door.close();
});

describe("A guarded fetch", () => {
  test("reaches nothing of this machine or its network, however it is written", async () => {
    const { port } = inside;
    const hosts = [
      ...[
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
      ],
      ...[
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
      ],
      ...["10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "198.18.0.1"],
      ...["224.0.0.1", "255.255.255.255", "240.0.0.1", "[fd00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]"],
    ];
    const fetch = guard([]);
    for (const host of hosts) {
      for (const scheme of ["http", "https"]) {
        const error: unknown = await fetch(`${scheme}://${host}:${port}/`).catch((thrown: unknown) => thrown);
        expect([host, errorCodeOf(error)]).toEqual([host, "not-allowed"]);
      }
    }
    expect(inside.reached).toEqual([]);
  });

  test("reaches no name that leads inside, and says how an operator allows it", async () => {
    const asked = guard([], here)(`http://models.test:${inside.port}/`);
    await expect(asked).rejects.toThrow("--allow-host models.test");
    expect(inside.reached).toEqual([]);
  });

  test("reaches what an operator allows: a host, or one port of it, and by a whole request", async () => {
    const { port } = inside;
    const allowed = await guard(["127.0.0.1"])(`http://127.0.0.1:${port}/a`);
    expect(await allowed.text()).toBe("secret");
    const named = await guard([`models.test:${port}`], here)(`http://models.test:${port}/b`);
    expect(named.status).toBe(200);
    const request = new Request(`http://127.0.0.1:${port}/c`, { method: "POST", body: "hello" });
    expect((await guard([`127.0.0.1:${port}`])(request)).ok).toBe(true);
    expect(inside.reached).toEqual(["/a", "/b", "/c"]);
    const other = guard([`127.0.0.1:${door.port}`])(`http://127.0.0.1:${port}/`);
    expect(await other.catch(errorCodeOf)).toBe("not-allowed");
    const ofOthers = guard([`models.test:${port}`], here)(`http://others.test:${port}/`);
    expect(await ofOthers.catch(errorCodeOf)).toBe("not-allowed");
  });

  test("follows a redirect to where it may go, and to nowhere else", async () => {
    const fetch = guard([`127.0.0.1:${door.port}`]);
    const from = (to: string) => fetch(`http://127.0.0.1:${door.port}/?to=${encodeURIComponent(to)}`);
    expect(await (await from(`http://127.0.0.1:${door.port}/`)).text()).toBe("open");
    for (const to of [`http://127.0.0.1:${inside.port}/`, "http://169.254.169.254/latest/meta-data"]) {
      expect(await from(to).catch(errorCodeOf)).toBe("not-allowed");
    }
    await expect(from("file:///etc/passwd")).rejects.toThrow();
    expect(inside.reached).toEqual([]);
  });

  test("asks http and https alone", async () => {
    const fetch = guard(["127.0.0.1"]);
    for (const address of ["data:text/plain,hi", "file:///etc/passwd", "ftp://127.0.0.1/", "blob:x"]) {
      expect(await fetch(address).catch(errorCodeOf)).toBe("not-allowed");
    }
  });
});

describe("A guarded lookup", () => {
  const private4 = fc.constantFrom("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.9", "100.127.0.1");
  const private6 = fc.constantFrom("::1", "fd12::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "fe80::1");
  const open = fc.constantFrom("8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1");

  test("gives public addresses alone, whatever stands beside them, and of one answer", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(private4, private6, open), { maxLength: 6 }), (addresses) => {
        let asked = 0;
        const given: string[] = [];
        let failure: unknown;
        const guarded = publicLookup((_name, _options, callback) => {
          asked += 1;
          const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
          callback(null, found);
        });
        guarded("models.test", { all: true }, (error, found) => {
          failure = error;
          if (Array.isArray(found)) given.push(...found.map(({ address }) => address));
        });
        const publicOnes = addresses.filter(isPublicAddress);
        expect(given).toEqual(publicOnes);
        expect(errorCodeOf(failure)).toBe(publicOnes.length === 0 ? "not-allowed" : undefined);
        expect(asked).toBe(1);
      }),
    );
  });
});

describe("An address", () => {
  test("is public by IANA's blocks: no IPv4 of private use, and no IPv6 outside of 2000::/3", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), ([a, b, c, d]) => {
        const isInside =
          [0, 10, 127].includes(a) ||
          a >= 224 ||
          (a === 172 && b >= 16 && b < 32) ||
          (a === 192 && b === 168) ||
          (a === 169 && b === 254) ||
          (a === 100 && b >= 64 && b < 128);
        if (isInside) expect(isPublicAddress(`${a}.${b}.${c}.${d}`)).toBe(false);
        // An IPv4 address in IPv6 says nothing of who answers.
        expect(isPublicAddress(`::ffff:${a}.${b}.${c}.${d}`)).toBe(false);
        expect(isPublicAddress(`64:ff9b::${a}.${b}.${c}.${d}`)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (parts) => {
        const first = parts[0] ?? 0;
        const isGlobal = first >= 0x2000 && first <= 0x3fff;
        if (!isGlobal) expect(isPublicAddress(parts.map((one) => one.toString(16)).join(":"))).toBe(false);
      }),
    );
    expect(["8.8.8.8", "2606:4700::1111"].map(isPublicAddress)).toEqual([true, true]);
    expect(["", "models.test", "8.8.8.8.8"].map(isPublicAddress)).toEqual([false, false, false]);
  });
});

describe("Allowed hosts", () => {
  test("are read as addresses are written, with or without a port", () => {
    const isAllowed = readAllowedHosts(["Models.Internal:8080", "127.1", "[FD00::7]:9"]);
    expect(isAllowed("models.internal", 8080)).toBe(true);
    expect(isAllowed("models.internal", 80)).toBe(false);
    expect(isAllowed("127.0.0.1", 1)).toBe(true);
    expect(isAllowed("fd00::7", 9)).toBe(true);
    for (const entry of ["", "http://x", "a b", "host:99999", "host/path", "a@b"]) {
      expect(() => readAllowedHosts([entry])).toThrow("no host that can be allowed");
    }
  });
});

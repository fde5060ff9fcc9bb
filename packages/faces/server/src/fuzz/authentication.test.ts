/** Tries doors with keys, cookies, origins and names of projects that are nearly right: none opens. */
import { connect } from "node:net";
import { SCOPES } from "@colophon/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FrontDoor, openFrontDoor } from "../process/front-door.ts";
import type { Answered } from "../server-world.fixture.ts";
import { type FuzzWorld, judgeLog, KEY, MARK, ORIGIN, openFuzzWorld, runs } from "./fuzz-world.fixture.ts";
import { hostileText } from "./hostile-json.fixture.ts";

let world: FuzzWorld;
/** Everything in the first project, and in the other one. */
let keys: { readonly own: string; readonly foreign: string };
/** Of an administrator of the first project. */
let cookie: string;

beforeAll(async () => {
  world = await openFuzzWorld();
  keys = {
    own: await world.key({ scopes: SCOPES }),
    foreign: await world.key({ scopes: SCOPES, project: "other" }),
  };
  cookie = await signIn();
});
afterAll(() => world.close());

async function signIn(): Promise<string> {
  const { signIn: desk, installation } = world.desk;
  const password = "a long enough password";
  const { id } = await desk.register({ email: "ada@example.com", name: "Ada", password });
  await installation.people.grant({ person: id, project: "main", environment: null, role: "admin" });
  const body = { email: "ada@example.com", password };
  const answer = await world.ask("POST", "/auth/sign-in/email", { body, headers: { origin: ORIGIN } });
  const [first = ""] = answer.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
  return first;
}

let turn = 0;
/** Each of an address of its own, so that nobody is sent away for asking too often. */
function stranger(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  turn += 1;
  return { "x-forwarded-for": `2001:db8:0:${turn.toString(16)}::1`, ...headers };
}

/** What a header can hold. */
const HEADER = /^[\t\x20-\x7e\x80-\xff]*$/;
const headerText = fc.oneof(
  hostileText.filter((text) => HEADER.test(text) && text.length < 5000),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) }),
);

/** A secret with something about it that is not as it was. */
function nearly(secret: string): fc.Arbitrary<string> {
  const places = fc.nat(secret.length - 1);
  const letters = fc.constantFrom(..."abzAZ019-_=+/. %,;");
  return fc.oneof(
    fc.tuple(places, letters).map(([at, letter]) => secret.slice(0, at) + letter + secret.slice(at + 1)),
    fc.tuple(places, letters).map(([at, letter]) => secret.slice(0, at) + letter + secret.slice(at)),
    places.map((at) => secret.slice(0, at)),
    places.map((at) => secret.slice(at + 1)),
    places.map((at) => secret.slice(0, at) + secret.slice(at).toUpperCase()),
    headerText.map((text) => secret + text),
    fc.constantFrom(
      secret + secret,
      `${secret}=`,
      `${secret}%00`,
      encodeURIComponent(`${secret}/`),
      `"${secret}"`,
    ),
  );
}

const PLACE = "/v1/projects/main/prompts";

describe("a key", () => {
  it("opens nothing unless it is the key to the letter", async () => {
    const schemes = fc.constantFrom(
      "Bearer ",
      "bearer ",
      "Bearer   ",
      "Basic ",
      "Token ",
      "Bearer:",
      "",
      "Bearer Bearer ",
    );
    const said = fc.tuple(schemes, fc.oneof(nearly(keys.own), headerText));
    const property = fc.asyncProperty(said, async ([scheme, secret]) => {
      const authorization = `${scheme}${secret}`;
      const answer = await world.sendBare({
        method: "GET",
        path: PLACE,
        headers: stranger({ authorization }),
      });
      const isKey = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1] === keys.own;
      expect([authorization, answer.status]).toEqual([authorization, isKey ? 200 : 401]);
    });
    await fc.assert(property, runs(200));
  });

  it("is no other key's id with its own secret, and none that was revoked", async () => {
    const [, mark = "", secret = ""] = /^(clp_[0-9a-f]+)_(.+)$/.exec(keys.own) ?? [];
    const [, otherMark = "", otherSecret = ""] = /^(clp_[0-9a-f]+)_(.+)$/.exec(keys.foreign) ?? [];
    const { secret: gone, key } = await world.desk.installation.keys.create({
      ...{ name: "gone", project: "main", environments: null, scopes: SCOPES, expires: null, by: "grace" },
    });
    await world.desk.installation.keys.revoke(key.id);
    for (const one of [`${mark}_${otherSecret}`, `${otherMark}_${secret}`, `${mark}_`, mark, gone, key.id]) {
      const headers = stranger({ authorization: `Bearer ${one}` });
      expect((await world.sendBare({ method: "GET", path: PLACE, headers })).status).toBe(401);
    }
    const headers = stranger({ authorization: `Bearer ${mark}_${secret}` });
    expect((await world.sendBare({ method: "GET", path: PLACE, headers })).status).toBe(200);
  });

  it("is in the header alone: no other header, query or cookie lets anybody in", async () => {
    const names = fc.constantFrom(
      ...[
        "x-api-key",
        "api-key",
        "proxy-authorization",
        "x-forwarded-user",
        "x-original-url",
        "x-remote-user",
      ],
      ...["x-http-method-override", "cookie", "x-forwarded-host", "x-colophon-key", "sec-websocket-protocol"],
    );
    const value = fc.oneof(
      headerText,
      fc.constantFrom(keys.own, `Bearer ${keys.own}`, `session=${keys.own}`),
    );
    const path = fc.constantFrom(
      PLACE,
      `${PLACE}?api_key=${keys.own}&access_token=${keys.own}&authorization=${keys.own}`,
    );
    const property = fc.asyncProperty(names, value, path, async (name, text, where) => {
      const answer = await world.sendBare({
        method: "GET",
        path: where,
        headers: stranger({ [name]: text }),
      });
      expect(answer.status).toBe(401);
    });
    await fc.assert(property, runs(100));
  });
});

describe("a session", () => {
  it("opens nothing unless its cookie is the one that was given", async () => {
    const [name = "", value = ""] = cookie.split(/=(.*)/s);
    const token = decodeURIComponent(value).split(".")[0];
    const said = fc.oneof(
      nearly(value).map((one) => `${name}=${one}`),
      nearly(name).map((one) => `${one}=${value}`),
      fc.tuple(headerText, headerText).map(([first, second]) => `${first}; ${name}=${second}`),
      headerText,
    );
    const property = fc.asyncProperty(said, async (text) => {
      const answer = await world.sendBare({
        method: "GET",
        path: PLACE,
        headers: stranger({ cookie: text }),
      });
      if (answer.status === 401) return;
      expect([text, cookiesOf(text).get(name)?.startsWith(`${token}.`)]).toEqual([text, true]);
    });
    await fc.assert(property, runs(200));
    const answer = await world.sendBare({ method: "GET", path: PLACE, headers: stranger({ cookie }) });
    expect(answer.status).toBe(200);
  });

  it("changes nothing from a page elsewhere", async () => {
    const origin = fc.oneof(
      headerText,
      fc.constantFrom(
        ...["null", "", `${ORIGIN}/`, `${ORIGIN}.evil.example`, "http://127.0.0.1", "http://127.0.0.1:46000"],
        ...[
          "https://127.0.0.1:4600",
          `${ORIGIN}@evil.example`,
          `evil.example ${ORIGIN}`,
          `${ORIGIN}, ${ORIGIN}`,
        ],
        ...["http://localhost:4600", "http://[::1]:4600", ORIGIN.toUpperCase(), `${ORIGIN}%00`, "*"],
      ),
    );
    const method = fc.constantFrom("POST", "PUT", "DELETE");
    const property = fc.asyncProperty(
      origin.filter((one) => one.trim() !== ORIGIN),
      method,
      async (from, how) => {
        const headers = stranger({ cookie, origin: from, "content-type": "application/json" });
        const path = how === "POST" ? "/v1/projects/main/environments" : "/v1/secrets/NAME";
        const answer = await world.sendBare({
          method: how,
          path,
          headers,
          body: '{"name":"x","project":"main","value":"y"}',
        });
        expect([from, how, answer.status]).toEqual([from, how, 403]);
      },
    );
    await fc.assert(property, runs(100));
  });
});

/** Ways to write the other project. */
const SPELLINGS = [
  ...[
    "other",
    "OTHER",
    "Other",
    "%6fther",
    "%6Fther",
    "othe%72",
    "%256fther",
    "other%00",
    "other%20",
    "%20other",
  ],
  ...[
    "other%2f",
    "./other",
    "%2e/other",
    "main/../other",
    "main%2f..%2fother",
    "..%2fother",
    "main/%2e%2e/other",
  ],
  ...[
    "~/../other",
    "~%2f..%2fother",
    "main;other",
    "main,other",
    "main%00other",
    "other%23",
    "other%3f",
    "other.",
  ],
  ...[
    "\u043ether",
    "%d0%bether",
    "\uff4fther",
    "o\u200bther",
    "o\u0323ther",
    "ｏｔｈｅｒ",
    "other%0d%0a",
    "main\\..\\other",
  ],
  ...[
    "//other",
    "/other",
    "*",
    "%",
    "%25",
    "null",
    "undefined",
    "__proto__",
    "constructor",
    "0",
    "main|other",
  ],
];
const BELOW = [
  ...[
    "/prompts",
    `/prompts/${KEY}`,
    "/snapshot?environment=staging",
    "/jobs",
    "/eval-sets",
    "/snapshot/whole",
  ],
  ...[`/prompts/${KEY}/versions`, `/prompts/${KEY}/candidates`, "/environments", "/diagnosis"],
];

describe("a project", () => {
  it("is told to its own keys alone, however its name is written", async () => {
    const spelling = fc.oneof(
      fc.constantFrom(...SPELLINGS),
      fc.tuple(fc.constantFrom(...SPELLINGS), fc.constantFrom(...SPELLINGS)).map((both) => both.join("/")),
      hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
    );
    const authorization = `Bearer ${keys.own}`;
    const property = fc.asyncProperty(spelling, fc.constantFrom(...BELOW), async (project, below) => {
      const headers = stranger({ authorization });
      await world.sendBare({ method: "GET", path: `/v1/projects/${project}${below}`, headers });
    });
    await fc.assert(property, runs(300));
    const foreign = stranger({ authorization: `Bearer ${keys.foreign}` });
    const told = await world.ask("GET", "/v1/projects/other/snapshot/whole", { headers: foreign });
    expect([told.status, told.text.includes(MARK)]).toEqual([200, true]);
  });

  it("is not reached by what lies beside projects, however it is named there", async () => {
    const authorization = `Bearer ${keys.own}`;
    const place = fc.constantFrom(
      "/v1/members",
      "/v1/keys",
      "/v1/secrets",
      "/v1/audit",
      "/v1/audit/pages",
      "/v1/invitations",
    );
    const queries = [
      "project=other",
      "project=main&project=other",
      "project=other&project=main",
      "project[]=other",
    ];
    const odd = [
      "project=%6fther",
      "project=~%00",
      "project=%22other%22",
      "project[$ne]=main",
      "Project=other",
      "project=*",
      "",
    ];
    const query = fc.oneof(
      fc.constantFrom(...queries, ...odd),
      hostileText.map((text) => `project=${encodeURIComponent(text.toWellFormed())}`),
    );
    const bodies = fc.constantFrom(
      '{"project":"main","project":"other","value":"x"}',
      '{"project":"other","value":"x"}',
      '{"__proto__":{"project":"other"},"project":"main","value":"x"}',
      '{"project":["other"],"value":"x"}',
      '{"project":{"toString":"other"},"value":"x"}',
    );
    const before = await world.desk.installation.secrets.list("other");
    const property = fc.asyncProperty(place, query, bodies, async (path, asked, body) => {
      const headers = stranger({ authorization, "content-type": "application/json" });
      await world.sendBare({ method: "GET", path: `${path}?${asked}`, headers });
      await world.sendBare({ method: "PUT", path: "/v1/secrets/STOLEN", headers, body });
      await world.sendBare({ method: "DELETE", path: `/v1/keys/${world.foreign.key}`, headers, body });
    });
    await fc.assert(property, runs(100));
    expect(await world.desk.installation.secrets.list("other")).toEqual(before);
    expect((await world.desk.installation.keys.find(world.foreign.key))?.revokedAt).toBeNull();
  });
});

const OPEN = /^\/(healthz|readyz|docs|openapi\.json|auth)/;

describe("nobody", () => {
  it("comes in by any route, whatever is sent along", async () => {
    const routes = [...new Set(world.server.routes.map(({ method, path }) => `${method} ${path}`))]
      .filter((place) => !place.startsWith("ALL ") && !OPEN.test(place.split(" ")[1] ?? ""))
      .map((place) => place.replaceAll(/:project/g, "main").replaceAll(/:\w+(\{[^/]*\})?/g, "main"));
    expect(routes.length).toBeGreaterThan(90);
    const body = fc.constantFrom("{}", '{"project":"main"}', '{"environment":"staging"}', "");
    const property = fc.asyncProperty(
      fc.constantFrom(...routes),
      body,
      headerText,
      async (place, text, odd) => {
        const [method = "", path = ""] = place.split(" ");
        const headers = stranger({
          "content-type": "application/json",
          "x-forwarded-user": odd,
          "user-agent": odd,
        });
        const sent = method === "GET" ? {} : { body: text };
        const answer: Answered = await world.sendBare({ method, path, headers, ...sent });
        expect([place, answer.status >= 400]).toEqual([place, true]);
      },
    );
    await fc.assert(property, runs(250));
  });
});

describe("bytes on a socket", () => {
  let door: FrontDoor;
  beforeAll(async () => {
    door = await openFrontDoor({ host: "127.0.0.1", port: 0 });
    door.open(world.server);
  });
  afterAll(() => door.close(100));

  /** Everything that is answered until the server hangs up, or says no more. */
  function exchange(bytes: string): Promise<string> {
    world.watchdog.begin(bytes);
    return new Promise((done) => {
      const pieces: Buffer[] = [];
      const end = (): void => done(Buffer.concat(pieces).toString("latin1"));
      const socket = connect(door.port, "127.0.0.1", () => socket.end(Buffer.from(bytes, "latin1")));
      socket.on("data", (piece) => pieces.push(piece));
      socket.on("close", end);
      socket.on("error", end);
    });
  }

  it("that end in the middle of a body are no fault of the server", async () => {
    const before = world.logged.length;
    const own = `Authorization: Bearer ${keys.own}`;
    for (const length of ["Content-Length: 100", "Transfer-Encoding: chunked"]) {
      const head = ["POST /v1/projects/main/environments HTTP/1.1", "Host: localhost", own, length];
      await exchange([...head, "", "5\r\n{"].join("\r\n"));
    }
    const logged = () => world.logged.slice(before).filter((line) => line.includes('"msg":"request"'));
    await expect.poll(() => logged().length).toBeGreaterThan(0);
    judgeLog(world);
  });

  it("that are hardly HTTP are answered without a fault, and tell nothing of the other project", async () => {
    const method = fc.constantFrom(
      "GET",
      "get",
      "POST",
      "PUT",
      "DELETE",
      "HEAD",
      "OPTIONS",
      "TRACE",
      "PATCH",
      "FOO",
      "",
    );
    const target = fc.oneof(
      fc.constantFrom(...SPELLINGS).map((project) => `/v1/projects/${project}/prompts`),
      fc.constantFrom(
        ...[
          "*",
          "//other/v1/projects/other/prompts",
          "http://evil.example/v1/projects/other/prompts",
          "/\\other",
          "?",
        ],
        ...[
          "/v1/projects/main/../other/prompts",
          "/v1/projects/main/%2e%2e/other/prompts",
          "/v1/projects/\x00/prompts",
        ],
        ...[
          "/v1//projects/other/prompts",
          "/v1/projects/other//prompts",
          "/V1/PROJECTS/OTHER/PROMPTS",
          "/%",
          "/%ff",
        ],
        ...[
          `/${"a/".repeat(3000)}`,
          "/docs/../v1/projects/other/prompts",
          "/auth/../v1/projects/other/prompts",
          "#",
        ],
        ...["/docs/%2e%2e/%2e%2e/package.json", "/docs/..%2f..%2fpackage.json", "/docs/....//package.json"],
      ),
    );
    const header = fc.constantFrom(
      ...[
        "Host: localhost",
        "Host: ",
        "Host: a b",
        "Host: evil.example",
        "Host: [::1",
        "Host: x@y",
        "Host: \xff",
      ],
      ...[
        "Content-Length: -1",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
      ],
      ...[
        "Content-Encoding: gzip",
        "Expect: 100-continue",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Range: bytes=0-",
      ],
      ...[
        "Cookie: a",
        "Content-Type: \xff",
        "X: \x00",
        "Authorization: Bearer x",
        "If-None-Match: *",
        " folded: x",
        ": x",
      ],
    );
    const asked = fc.tuple(
      method,
      target,
      fc.array(header, { maxLength: 4 }),
      fc.constantFrom("", "{}", "5\r\n{}"),
    );
    const property = fc.asyncProperty(asked, async ([how, where, more, body]) => {
      const own = [`Authorization: Bearer ${keys.own}`, "Connection: close"];
      const bytes = [`${how} ${where} HTTP/1.1`, "Host: localhost", ...more, ...own, "", body].join("\r\n");
      const said = await exchange(bytes);
      expect([bytes, said.includes(MARK)]).toEqual([bytes, false]);
      for (const [, status] of said.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) {
        expect([bytes, Number(status) < 500 || status === "501"]).toEqual([bytes, true]);
      }
    });
    await fc.assert(property, runs(200));
    const alive = await exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(alive).toContain("200 OK");
  });
});

describe("all that was tried", () => {
  it("left no trace of the other project in the log, and no fault", () => {
    judgeLog(world);
    expect(world.logged.join("")).not.toContain(keys.own);
  });
});

/**
 * The cookies of a header: blanks, empty pairs and quotes around a value are no part of them, and a value
 * may be written in other letters that stand for the same bytes.
 */
function cookiesOf(header: string): ReadonlyMap<string, string> {
  const pairs = header.split(";").map((pair) => pair.trim().split(/\s*=\s*(.*)/s));
  return new Map(
    pairs.map(([name = "", value = ""]) => [name, decoded(value.replace(/^"(.*)"$/s, "$1"))] as const),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

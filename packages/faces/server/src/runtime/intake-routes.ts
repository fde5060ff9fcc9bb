/** The routes by which applications say what they served, what their code declares, and that they are there. */
import {
  mirrorDeclarations,
  type PlacedEntry,
  type RefusedEntry,
  readDeclarations,
  readFollower,
  readFollowerId,
} from "@colophon/harness";
import { HarnessError, type LedgerEntry, mayDo } from "@colophon/kernel";
import type { Context, Hono } from "hono";
import { requireScope } from "../access/authorize.ts";
import type { Caller } from "../server-parts.ts";
import type { RuntimeEnv } from "./add-runtime-routes.ts";
import { readBatch } from "./read-batch.ts";
import { readBody } from "./read-body.ts";
import { refuseWhileStopping } from "./refuse-while-stopping.ts";
import type { RuntimeParts, RuntimeService } from "./runtime-service.ts";
import { unpackedBody } from "./unpacked-body.ts";

export function addIntakeRoutes(app: Hono<RuntimeEnv>, parts: RuntimeParts, service: RuntimeService): void {
  app.post("/ledger", (context) => takeEntries(context, parts, service));

  app.post("/declarations", async (context) => {
    const request = readDeclarations(await readBody(context, parts.limits.body));
    requireScope(context.var.caller.rights, "record", request);
    // Metadata holds everywhere: who may record in one environment alone changes none of the others'.
    const keepsMetadata = !mayDo(context.var.caller.rights, "record", { environment: null });
    return context.json(await mirrorDeclarations(context.var.harness, request, { keepsMetadata }));
  });

  app.put("/followers/:id", async (context) => {
    const follower = readFollower(context.req.param("id"), await readBody(context, parts.limits.body));
    requireScope(context.var.caller.rights, "resolve", follower);
    await requireOwn(context, follower.id);
    await context.var.harness.coordination.follow(follower);
    return context.body(null, 204);
  });

  app.delete("/followers/:id", async (context) => {
    requireScope(context.var.caller.rights, "resolve", "registry");
    const id = readFollowerId(context.req.param("id"));
    await requireOwn(context, id);
    await context.var.harness.coordination.unfollow(id);
    return context.body(null, 204);
  });
}

/** A process of an environment is not spoken for by whoever has no rights there. */
async function requireOwn({ var: { caller, harness } }: Context<RuntimeEnv>, id: string): Promise<void> {
  // Whoever may resolve everywhere speaks of any, and need not wait for the list.
  if (mayDo(caller.rights, "resolve", { environment: null })) return;
  const followers = await harness.coordination.listFollowers(0);
  const known = followers.find((one) => one.id === id);
  if (known !== undefined) requireScope(caller.rights, "resolve", known);
}

async function takeEntries(
  context: Context<RuntimeEnv>,
  parts: RuntimeParts,
  service: RuntimeService,
): Promise<Response> {
  const { caller, project } = context.var;
  requireScope(caller.rights, "record", "registry");
  refuseWhileStopping(parts);
  const arrived = parts.clock.now();
  const holding = service.budget.open();
  try {
    let bytes = 0;
    const body = unpackedBody(context.req.raw, {
      limit: parts.limits.intake,
      // Whoever was answered that it took too long keeps no room from others.
      signal: AbortSignal.timeout(parts.limits.time),
      onBytes: (more) => {
        bytes += more;
        holding.add(more);
      },
    });
    const isLines = /^application\/(x-)?ndjson\b/i.test(context.req.header("content-type") ?? "");
    const batch = await readBatch(body, { isLines, check: recordCheck(caller) });
    const intake = await service.intakeOf(project);
    const foreign = await foreignOutcomes(context.var, batch.entries);
    const own = batch.entries.filter(({ index }) => !foreign.has(index));
    const { stored, duplicates, refused } = await intake.append(own);
    const all = [...batch.refused, ...foreign.values(), ...refused].sort((a, b) => a.index - b.index);
    service.meter.took(project, { stored, duplicates, refused: all.length, bytes });
    const skew = noteSkew(context, { parts, service, arrived });
    return context.json({ stored, duplicates, refused: all, skew });
  } finally {
    holding.end();
  }
}

/** Gaps name no environment: who may record anywhere may send them. */
function recordCheck({ rights }: Caller): (entry: LedgerEntry) => void {
  const known = new Map<string, boolean>();
  return ({ kind, row }) => {
    if (kind !== "execution" && kind !== "start") return;
    const { environment } = row;
    const may = known.get(environment) ?? mayDo(rights, "record", { environment });
    known.set(environment, may);
    if (!may) throw notInEnvironment(environment);
  };
}

const LOOKED_UP_AT_ONCE = 32;

/**
 * By their places: outcomes of calls that are known to be of an environment where the caller may not record.
 * Outcomes may come before their call; an id that nobody has seen yet cannot be guessed.
 */
async function foreignOutcomes(
  { caller, harness }: Pick<RuntimeEnv["Variables"], "caller" | "harness">,
  entries: readonly PlacedEntry[],
): Promise<ReadonlyMap<number, RefusedEntry>> {
  const foreign = new Map<number, RefusedEntry>();
  if (mayDo(caller.rights, "record", { environment: null })) return foreign;
  const placesOf = Map.groupBy(
    entries.flatMap(({ index, entry }) =>
      entry.kind === "outcome" ? [{ index, execution: entry.row.execution }] : [],
    ),
    ({ execution }) => execution,
  );
  const left = placesOf.entries();
  const look = async (): Promise<void> => {
    for (const [execution, places] of left) {
      const environment = (await harness.ledger.findExecution(execution))?.environment;
      if (environment === undefined || mayDo(caller.rights, "record", { environment })) continue;
      const { code, message } = notInEnvironment(environment);
      for (const { index } of places) foreign.set(index, { index, code, message });
    }
  };
  await Promise.all(Array.from({ length: LOOKED_UP_AT_ONCE }, look));
  return foreign;
}

function notInEnvironment(environment: string): HarnessError {
  return new HarnessError(
    "not-allowed",
    `This asks for the scope record in the environment ${environment.slice(0, 200)}; ask an admin for it.`,
  );
}

interface Arrival {
  readonly parts: RuntimeParts;
  readonly service: RuntimeService;
  /** By this server's clock. */
  readonly arrived: number;
}

/** @returns this server's clock less the client's in milliseconds; null where the client does not say. */
function noteSkew(context: Context<RuntimeEnv>, { parts, service, arrived }: Arrival): number | null {
  const sent = context.req.header("colophon-sent-at");
  if (sent === undefined || !/^\d{1,15}$/.test(sent)) return null;
  const { project, caller } = context.var;
  const skew = arrived - Number(sent);
  const client = (context.req.header("colophon-client") ?? caller.actor.id).slice(0, 64);
  if (service.skew.isNews(`${project}/${client}`, skew, arrived)) {
    service.meter.skewed(project, skew);
    parts.log.warn({ project, client, skew }, "the clock of a client is off, by milliseconds");
  }
  return skew;
}

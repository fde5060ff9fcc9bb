/** The chapter in which a version goes out by stages, goes wrong, and goes back by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { abortRollout, DeliveryWatch, type Harness, type RaisedAlert, startRollout } from "@colophon/harness";
import { HarnessError, systemRandom } from "@colophon/kernel";
import type { SupportTicket } from "@colophon/simulator";
import type { Paint } from "../cli.ts";
import { type Application, contextOf, type ServedTicket, serveTickets } from "./serve-tickets.ts";
import { STORY_KEY, triage } from "./story-prompt.ts";

const ENVIRONMENT = "production";
const WHERE = { key: STORY_KEY, environment: ENVIRONMENT } as const;
/** Tickets between two looks of the watcher. */
const BATCH = 10;
const FOLLOW_MS = 5_000;

/** Half of the tickets, so that a short story has enough of them; a real rollout begins with a few percent. */
const PLAN = {
  steps: ["50%", "100%"],
  dwell: "1h",
  units: 50,
  guards: [{ metric: "accepted", tolerated: 1 }],
  clearing: ["accepted"],
  alpha: "5%",
} as const;

export interface CanaryParts {
  readonly harness: Harness;
  readonly application: Application;
  readonly version: number;
  readonly tickets: readonly SupportTicket[];
  readonly say: (text: string) => void;
  readonly paint: Paint;
}

export interface CanaryEnd {
  readonly served: readonly ServedTicket[];
  /** What the guard said; null where the tickets were too few for it, and a person ended the rollout. */
  readonly alert: string | null;
  /** Milliseconds from the look that decided until the running application followed. */
  readonly followedMs: number;
}

export async function playCanary(parts: CanaryParts): Promise<CanaryEnd> {
  const { harness, application, version, tickets, say, paint } = parts;
  const members = [{ key: STORY_KEY, versions: [version] }];
  const reason = "shorter wording reads better";
  await startRollout(harness, { members, environment: ENVIRONMENT, plan: PLAN, reason });
  say(`v${version} serves half of the tickets, v1 the others at the same time; a watcher compares the two.`);
  await until(() => tickets.some((ticket) => servedBy(application, ticket) === version), `v${version}`);
  const watch = new DeliveryWatch(harness, { random: systemRandom });
  const served: ServedTicket[] = [];
  let raised: RaisedAlert | undefined;
  let began = performance.now();
  try {
    for (let at = 0; at < tickets.length && raised === undefined; at += BATCH) {
      served.push(...(await serveTickets(application, tickets.slice(at, at + BATCH))));
      await application.colophon.flush();
      began = performance.now();
      [raised] = (await watch.tick()).alerts;
    }
  } finally {
    await watch.close();
  }
  if (raised === undefined) {
    say(`${served.length} tickets were too few for the guard; somebody ends the rollout.`);
    await abortRollout(harness, { ...WHERE, reason: "too many wrong labels" });
  } else {
    say(`After ${served.length} tickets its guard fires, and nobody has to be awake:`);
    say(paint.red(`ALERT ${raised.message}`));
    say(`It names ${raised.executions.length} of the calls behind it, to become cases of an eval set.`);
  }
  const hit = served.find((one) => one.version === version);
  if (hit !== undefined) await until(() => servedBy(application, hit.ticket) === 1, "v1");
  const followedMs = Math.round(performance.now() - began);
  return { served, alert: raised?.message ?? null, followedMs };
}

function servedBy({ colophon }: Application, ticket: SupportTicket): number | null {
  return colophon.resolve(triage, contextOf(ticket)).version;
}

/** Waits for the running application. @throws HarnessError `store-busy`. */
export async function until(done: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + FOLLOW_MS;
  while (!done()) {
    if (performance.now() > deadline) {
      throw new HarnessError(
        "store-busy",
        `The application did not follow to ${what} within ${FOLLOW_MS} ms; try again.`,
      );
    }
    await sleep(5);
  }
}

/** Tells what a watcher does as it does it: a line for each thing that happened, and none for a quiet look. */
import type { RaisedAlert, WatchTick } from "@colophon/harness";
import type { Cli, GlobalFlags } from "../cli.ts";

/** Something that happened, as JSON Lines have it. */
type WatchEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

/** A look as JSON has it: its times in ISO 8601. */
export function shownTick({ alerts, rollouts, guards, ...tick }: WatchTick) {
  return {
    ...tick,
    rollouts: rollouts.map(({ advanced, ...look }) => {
      if (advanced === null) return { ...look, advanced };
      const { until, alert } = advanced;
      return { ...look, advanced: { ...advanced, until: isoOf(until), alert: alert && shownAlert(alert) } };
    }),
    guards: guards.map(({ decided, ...look }) => ({
      ...look,
      decided: decided && { ...decided, alert: decided.alert && shownAlert(decided.alert) },
    })),
    alerts: alerts.map(shownAlert),
  };
}

function shownAlert({ since, at, ...alert }: Omit<RaisedAlert, "at"> & { readonly at?: number }) {
  return { ...alert, since: isoOf(since), ...(at !== undefined && { at: isoOf(at) }) };
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

export class WatchLog {
  readonly #cli: Cli;
  readonly #flags: GlobalFlags;
  #standby: boolean | null = null;
  /** What failed at the last look is not told again at each. */
  #problems: ReadonlySet<string> = new Set();

  constructor(cli: Cli, flags: GlobalFlags) {
    this.#cli = cli;
    this.#flags = flags;
  }

  tell(tick: WatchTick): void {
    const { standby, rollouts, alerts, jobs, problems } = tick;
    // Where nobody can tell who acts, the problem says so.
    const isKnown = !standby || problems.length === 0;
    if (isKnown && standby !== this.#standby) this.#tellRole(standby);
    for (const { key, environment, advanced } of rollouts) {
      if (advanced?.moved !== true) continue;
      const { id, state, step, share } = advanced;
      const words = `${key} in ${environment}: ${state}, ${Number((share * 100).toPrecision(3))} % of the units.`;
      this.#line({ event: "rollout", key, environment, id, state, step, share }, words);
    }
    this.alarm(tick);
    if (this.#flags.json === true) {
      for (const alert of alerts) this.#line({ event: "alert", ...shownAlert(alert) }, "");
    }
    for (const message of jobs) this.#line({ event: "job", message }, message);
    for (const message of problems) if (!this.#problems.has(message)) this.#cli.say(message);
    this.#problems = new Set(problems);
  }

  /** Alerts are for people, wherever stdout goes. */
  alarm({ alerts }: Pick<WatchTick, "alerts">): void {
    for (const { message } of alerts) this.#cli.say(this.#cli.paint.red(`ALERT ${message}`));
  }

  #tellRole(standby: boolean): void {
    this.#standby = standby;
    const words = standby ? "Another watcher acts; this one stands by." : "Watching.";
    this.#line({ event: standby ? "standby" : "watching" }, words);
  }

  #line(event: WatchEvent, words: string): void {
    this.#cli.answer(this.#flags, event, () => words);
  }
}

/** Tells what a watcher does as it does it: a line for each thing that happened, and none for a quiet look. */
import type { WatchTick } from "@colophon/harness";
import type { Cli, GlobalFlags } from "../cli.ts";

/** Something that happened, as JSON Lines have it. */
type WatchEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

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
    if (standby !== this.#standby) this.#tellRole(standby);
    for (const { key, environment, advanced } of rollouts) {
      if (advanced?.moved !== true) continue;
      const { id, state, step, share } = advanced;
      const words = `${key} in ${environment}: ${state}, ${Number((share * 100).toPrecision(3))} % of the units.`;
      this.#line({ event: "rollout", key, environment, id, state, step, share }, words);
    }
    this.alarm(tick);
    if (this.#flags.json === true) {
      for (const { at, ...alert } of alerts) {
        this.#line({ event: "alert", ...alert, at: new Date(at).toISOString() }, "");
      }
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

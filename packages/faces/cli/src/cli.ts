/** What every command shares: the global flags, the way to the store, and the two ways of answering. */
import { userInfo } from "node:os";
import { type Harness, type House, openHarness, openHouse } from "@colophon/harness";
import type { Verdict } from "@colophon/kernel";
import pc from "picocolors";
import type { CliIo } from "./cli-io.ts";

export interface GlobalFlags {
  readonly store?: string;
  readonly env?: string;
  readonly json?: boolean;
}

const VERDICT_EXITS: Readonly<Record<Verdict, number>> = { ship: 0, block: 1, inconclusive: 3, invalid: 4 };

export type Paint = ReturnType<typeof pc.createColors>;

/** One run of the command line. */
export class Cli {
  readonly io: CliIo;
  readonly paint: Paint;
  #exitCode = 0;

  constructor(io: CliIo) {
    this.io = io;
    const { NO_COLOR, FORCE_COLOR } = io.env;
    const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
    this.paint = pc.createColors((NO_COLOR ?? "") === "" && (forced || io.stdout.isTTY === true));
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** Ends the run with a negative verdict; it goes on until then. */
  fail(): void {
    this.#exitCode = 1;
  }

  /** Ends the run with a gate's verdict; it goes on until then. */
  conclude(verdict: Verdict): void {
    this.#exitCode = VERDICT_EXITS[verdict];
  }

  /** `--env`, else COLOPHON_ENV, else `development`. */
  environment(flags: GlobalFlags): string {
    return this.namedEnvironment(flags) ?? "development";
  }

  /** `--env`, else COLOPHON_ENV, else nothing. */
  namedEnvironment(flags: GlobalFlags): string | undefined {
    return flags.env ?? (this.io.env.COLOPHON_ENV || undefined);
  }

  /** `--store`, else what applications read too. */
  storeName(flags: GlobalFlags): string | undefined {
    const { COLOPHON_STORE, COLOPHON_URL } = this.io.env;
    return flags.store ?? (COLOPHON_STORE || COLOPHON_URL || undefined);
  }

  /** Asks a store at hand, or the one behind a server; nothing is made or changed. */
  ask<T>(flags: GlobalFlags, use: (house: House) => Promise<T>): Promise<T> {
    return this.#visit({ mode: "read", store: this.storeName(flags) }, use);
  }

  /** Changes a store at hand, which is made where it is missing, or the one behind a server. */
  change<T>(flags: GlobalFlags, use: (house: House) => Promise<T>): Promise<T> {
    return this.#visit({ mode: "write", store: this.storeName(flags) }, use);
  }

  async #visit<T>(
    options: { readonly mode: "read" | "write"; readonly store: string | undefined },
    use: (house: House) => Promise<T>,
  ): Promise<T> {
    const { cwd, clock, env } = this.io;
    const apiKey = env.COLOPHON_API_KEY || undefined;
    const actor = { id: this.person(), via: "cli" } as const;
    const house = await openHouse({ ...options, cwd, clock, actor, apiKey });
    try {
      return await use(house);
    } finally {
      await house.close();
    }
  }

  /** Uses the store without ever making or changing it. */
  read<T>(flags: GlobalFlags, use: (harness: Harness) => Promise<T>): Promise<T> {
    return this.#use({ mode: "read", store: this.storeName(flags) }, use);
  }

  /** Uses the store for a change; makes it where it is missing. */
  write<T>(flags: GlobalFlags, use: (harness: Harness) => Promise<T>): Promise<T> {
    return this.#use({ mode: "write", store: this.storeName(flags) }, use);
  }

  async #use<T>(
    options: { readonly mode: "read" | "write"; readonly store: string | undefined },
    use: (harness: Harness) => Promise<T>,
  ): Promise<T> {
    const { cwd, clock } = this.io;
    const harness = await openHarness({ ...options, cwd, clock, actor: { id: this.person(), via: "cli" } });
    try {
      return await use(harness);
    } finally {
      await harness.close();
    }
  }

  /** The name under which changes are recorded. */
  person(): string {
    const { USER, USERNAME, LOGNAME } = this.io.env;
    const named = USER || USERNAME || LOGNAME;
    if (named) return named;
    try {
      return userInfo().username;
    } catch {
      return "cli";
    }
  }

  /** One JSON document for scripts, or text for people. */
  answer(flags: GlobalFlags, value: unknown, text: () => string): void {
    this.io.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : `${text()}\n`);
  }

  /** JSON Lines for scripts, or text for people. */
  list(flags: GlobalFlags, rows: readonly unknown[], text: () => string): void {
    if (flags.json !== true) {
      this.io.stdout.write(`${text()}\n`);
      return;
    }
    for (const row of rows) this.io.stdout.write(`${JSON.stringify(row)}\n`);
  }

  /** The line that tells people where an answer comes from. */
  heading(harness: Pick<Harness, "store">, environment: string | null): string {
    const where = environment === null ? "all environments" : `environment ${environment}`;
    return this.paint.dim(`store ${harness.store} · ${where}`);
  }

  /** A remark for people, never part of the answer. */
  say(text: string): void {
    this.io.stderr.write(`${text}\n`);
  }
}

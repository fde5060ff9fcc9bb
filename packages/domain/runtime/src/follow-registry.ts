/** Follows a registry that goes on: asks it for versions by number, waits for it, and holds what is live against the code. */
import { bodiesOf, templatePartials } from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import type { FedSource, LiveSpace, ReadyOptions } from "./live-space.ts";
import type { Resolution } from "./resolution.ts";
import { type TellDifference, tellDifferences } from "./tell-differences.ts";

/** Milliseconds that `ready` waits unless it is told. */
export const READY_MS = 5_000;

/** Pins of conversations of which it is remembered that they were asked for. */
const FETCHED_PINS = 1_000;

/** The same source for a runtime over a registry, which a baked snapshot has no need of. */
export function followRegistry(source: FedSource, onNotice: (message: string) => void): FedSource {
  return new FollowedRegistry(source, onNotice);
}

class FollowedRegistry implements FedSource {
  readonly #source: FedSource;
  readonly #onNotice: (message: string) => void;
  readonly #fetched = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #live: LiveSpace | undefined;
  #tell: TellDifference | undefined;
  #lost: Error | undefined;
  #closed = false;

  constructor(source: FedSource, onNotice: (message: string) => void) {
    this.#source = source;
    this.#onNotice = onNotice;
  }

  start(...[listener, live]: Parameters<FedSource["start"]>): void {
    const tell = tellDifferences(live, this.#onNotice);
    const served = (): void => {
      live.declarations.forEach(tell);
      if (live.snapshot) this.#resume();
    };
    this.#live = live;
    this.#tell = tell;
    for (const [key, version] of live.pins) this.#source.want?.(key, version);
    const followed: typeof listener = {
      onSnapshot(document) {
        listener.onSnapshot(document);
        served();
      },
      onChange(change) {
        listener.onChange(change);
        served();
      },
      onLost: (error, since) => {
        this.#lost = error;
        listener.onLost(error, since);
      },
      onRecovered: () => {
        this.#lost = undefined;
        listener.onRecovered();
      },
    };
    this.#source.start(followed, live);
  }

  declared(declaration: Declaration): void {
    const { key, pinned, text } = declaration;
    if (pinned !== null) {
      this.#source.want?.(key, pinned);
      return;
    }
    // Partials of the text in the code, which a snapshot has no other reason to hold.
    for (const { name, version } of text ? bodiesOf(text).flatMap(templatePartials) : []) {
      if (version !== null) this.#source.want?.(name, version);
    }
    this.#tell?.(declaration);
  }

  /** Where the registry is at hand, the version of a conversation that the snapshot lacks comes at once. */
  asked(resolution: Resolution): boolean {
    this.#source.asked?.(resolution);
    const { key, considered } = resolution;
    const [first] = considered;
    if (first?.tier !== "pin" || first.outcome !== "unknown-version" || !first.version) return false;
    const pin = `${key}@v${first.version}`;
    // Pins may come from clients: what is remembered of them is bounded, here and in the source.
    if (this.#fetched.has(pin)) return false;
    if (this.#fetched.size >= FETCHED_PINS) this.#fetched.clear();
    this.#fetched.add(pin);
    this.#source.want?.(key, first.version, true);
    return true;
  }

  isComing(key: string, version: number): boolean {
    return this.#source.isComing?.(key, version) ?? false;
  }

  async ready({ timeoutMs = READY_MS }: ReadyOptions = {}): Promise<string | undefined> {
    const began = performance.now();
    if (!this.#live?.snapshot && !this.#closed) await this.#nextSnapshot(timeoutMs);
    if (!this.#live?.snapshot) return this.#lost?.message ?? "no snapshot has come yet";
    const left = Math.max(0, timeoutMs - (performance.now() - began));
    const missing = (await this.#source.waitForWanted?.({ timeoutMs: left, patient: true })) ?? [];
    return missing.length === 0 ? undefined : notFetched(missing);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#resume();
    await this.#source.close?.();
  }

  #nextSnapshot(timeoutMs: number): Promise<void> {
    return new Promise((resume) => {
      const timer = setTimeout(resume, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resume();
      });
    });
  }

  #resume(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

function notFetched([first = "", ...others]: readonly string[]): string {
  const what = others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
  return `${what} not been fetched yet`;
}

/** Feeds a runtime from a server: the snapshot, then changes as they come, from disk while the server is away. */
import {
  type Clock,
  type EpochMs,
  errorCodeOf,
  type RandomSource,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotListener,
  type SnapshotSource,
  type WantedWait,
} from "@colophon/kernel";
import { backoff, jitter } from "./backoff.ts";
import type { ServerEvent } from "./event-parser.ts";
import { listenToEvents } from "./event-stream.ts";
import { isSnapshot, type LastKnownGood } from "./last-known-good.ts";
import { MirroredDocument } from "./mirrored-document.ts";
import type { RemotePace } from "./remote-pace.ts";
import { refusalDetails, refusedFor, type ServerAnswer, type ServerCalls } from "./server-calls.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import { UnrefPause } from "./unref-pause.ts";
import { WantedVersions } from "./wanted-versions.ts";

export interface RemoteSourceParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly kept: LastKnownGood;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly pace: RemotePace;
  /** Told when the server is lost, and when it is back. */
  readonly onNotice: (message: string) => void;
  /** Told of each document and change that is served from now on. */
  readonly served: (document: SnapshotDocument) => void;
  /** Told which project the server says that this is. */
  readonly named?: (project: string) => void;
}

/** A source that says when it knows how the server is. */
export interface RemoteSource extends Required<Omit<SnapshotSource, "asked">> {
  /** Resolves with the first answer of the server, or its first silence; after the time at the latest. */
  heard(timeoutMs: number): Promise<void>;
}

export function createRemoteSource(parts: RemoteSourceParts): RemoteSource {
  return new ServerSource(parts);
}

class ServerSource implements RemoteSource {
  readonly #parts: RemoteSourceParts;
  readonly #pause = new UnrefPause();
  readonly #wanted: WantedVersions;
  readonly #keeper: SnapshotKeeper;
  readonly #closing = new AbortController();
  readonly #hearing: (() => void)[] = [];
  #listener: SnapshotListener | undefined;
  #held: MirroredDocument | undefined;
  #endEvents: (() => void) | undefined;
  #isLive = false;
  /** Events ended after they had lived: they are asked for again before anything else is. */
  #isCut = false;
  #listenFailures = 0;
  #listenAt = 0;
  #failures = 0;
  #refusedFor = 0;
  #isLost = false;
  #isUnknown = false;
  #isSaid = false;
  #wasHeard = false;

  constructor(parts: RemoteSourceParts) {
    this.#parts = parts;
    this.#wanted = new WantedVersions({ ...parts, found: (keys) => this.#versionsFound(keys) });
    this.#keeper = new SnapshotKeeper(parts);
  }

  start(listener: SnapshotListener): void {
    this.#listener = listener;
    const { kept, environment, calls } = this.#parts;
    const known = kept.read();
    if (known?.document.environments.includes(environment)) {
      this.#take(new MirroredDocument(known.document, known.etag));
      this.#isLost = true;
      listener.onLost(new Error(`the server ${calls.place.name} has not answered yet`), known.currentAt);
    }
    void this.#run();
  }

  want(key: string, version: number, isPassing = false): void {
    this.#wanted.add({ key, version, isPassing }, this.#held);
  }

  isComing(key: string, version: number): boolean {
    return this.#wanted.isComing(key, version);
  }

  waitForWanted(wait: WantedWait): Promise<readonly string[]> {
    return this.#wanted.wait(wait);
  }

  heard(timeoutMs: number): Promise<void> {
    if (this.#wasHeard) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#hearing.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#endEvents?.();
    this.#wanted.close();
    this.#pause.end();
    this.#hear();
    await this.#keeper.close();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #run(): Promise<void> {
    const { pace, random } = this.#parts;
    let ok = await this.#look();
    while (!this.#isClosed) {
      if (ok) this.#listen();
      const pause = ok ? pace.pollMs : Math.max(this.#refusedFor, backoff(this.#failures, pace.look, random));
      await this.#pause.wait(this.#isLive ? Number.POSITIVE_INFINITY : pause);
      if (this.#isClosed || this.#isLive) continue;
      if (this.#isCut) {
        // Events need no whole snapshot to go on, unlike a look.
        this.#isCut = false;
        await this.#pause.wait(jitter(random) * pace.spreadMs);
      } else ok = await this.#look();
    }
  }

  /** Asks for the snapshot; true where the server answered. */
  async #look(): Promise<boolean> {
    const { calls, environment } = this.#parts;
    const etag = this.#held?.etag;
    const revision = this.#held?.document.revision;
    try {
      const answer = await calls.ask(
        {
          method: "GET",
          path: `/snapshot?environment=${encodeURIComponent(environment)}`,
          headers: {
            // Of several servers one may be behind another: nobody is to go back.
            ...(revision === undefined ? {} : { "colophon-revision": String(revision) }),
            ...(etag == null ? {} : { "if-none-match": etag }),
          },
        },
        this.#closing.signal,
      );
      if (this.#isClosed) return false;
      this.#hearName(answer);
      if (answer.status === 200) this.#takeText(answer.text, answer.headers.etag ?? null);
      else if (answer.status !== 304 || etag == null) throw calls.refusal(answer);
      this.#found();
      return true;
    } catch (error) {
      if (!this.#isClosed) this.#miss(error as Error);
      return false;
    } finally {
      this.#hear();
    }
  }

  #hearName({ status, headers }: ServerAnswer): void {
    const named = headers["colophon-project"];
    if ((status === 200 || status === 304) && typeof named === "string") this.#parts.named?.(named);
  }

  #takeText(text: string, etag: string | null): void {
    const document = this.#parts.calls.read(text) as SnapshotDocument;
    if (!isSnapshot(document))
      throw new Error(`What came from ${this.#parts.calls.place.name} is no snapshot of format 1.`);
    this.#take(new MirroredDocument(document, etag));
    // What happened meanwhile to versions that the snapshot lacks, it does not say.
    this.#wanted.recheck();
    this.#keeper.changed(this.#held as MirroredDocument);
  }

  #take(held: MirroredDocument): void {
    this.#held = held;
    this.#wanted.addTo(held);
    this.#listener?.onSnapshot(held.document);
    this.#parts.served(held.document);
  }

  /** The server answered, and what is served is current. */
  #found(): void {
    const { calls, onNotice } = this.#parts;
    this.#failures = 0;
    this.#refusedFor = 0;
    this.#keeper.current();
    this.#wanted.ask();
    if (this.#isLost) this.#listener?.onRecovered();
    this.#isLost = false;
    if (!this.#isSaid) return;
    this.#isSaid = false;
    onNotice(`The server ${calls.place.name} answers again.`);
  }

  #miss(error: Error): void {
    const { environment, onNotice } = this.#parts;
    this.#failures += 1;
    this.#refusedFor = refusedFor(error);
    if (errorCodeOf(error) === "environment-unknown" && this.#held === undefined && !this.#isUnknown) {
      // Known to be unknown, unlike a registry that was not read.
      this.#isUnknown = true;
      this.#listener?.onSnapshot(nothingAt(this.#parts.clock.now()));
    }
    this.#listener?.onLost(error, this.#isLost ? undefined : this.#keeper.currentAt);
    this.#isLost = true;
    // One connection that broke is nothing to tell a person about.
    if (this.#isSaid || (refusalDetails(error) === undefined && this.#failures < 2)) return;
    this.#isSaid = true;
    const held = this.#held?.document.revision;
    const served =
      held === undefined
        ? `In ${environment} the texts in the code are served until it does.`
        : `What was read last, revision ${held}, goes on being served.`;
    onNotice(`${error.message} ${served}`);
  }

  #listen(): void {
    const { calls, environment, pace } = this.#parts;
    if (this.#endEvents !== undefined || performance.now() < this.#listenAt || this.#held === undefined)
      return;
    const { revision } = this.#held.document;
    this.#endEvents = listenToEvents({
      calls,
      path: `/events?environment=${encodeURIComponent(environment)}&after=${revision}`,
      silenceMs: pace.silenceMs,
      listener: {
        onLife: () => this.#live(),
        onEvent: (event) => this.#happened(event),
        onEnd: () => this.#eventsEnded(),
      },
    });
  }

  #live(): void {
    if (this.#isLive) {
      this.#keeper.current();
      return;
    }
    this.#isLive = true;
    this.#listenFailures = 0;
    this.#found();
    this.#pause.end();
  }

  #happened({ name, data }: ServerEvent): void {
    try {
      if (name === "change") this.#change(JSON.parse(data) as SnapshotChange);
      else if (name === "reset") this.#readAnew();
      else if (name === "bye") this.#endNow();
    } catch {
      // A change that cannot be read or applied would be missing for ever.
      this.#readAnew();
    }
  }

  #change(change: SnapshotChange): void {
    const held = this.#held;
    if (held === undefined || change.revision <= held.document.revision) return;
    held.apply(change);
    const keys = Object.keys(change.prompts);
    this.#wanted.addTo(held, keys);
    this.#wanted.recheck([...keys, ...(change.touched ?? [])]);
    this.#listener?.onChange(held.describe(keys, change.texts));
    this.#parts.served(held.document);
    this.#keeper.changed(held);
  }

  /** Ends the events; the next look brings the whole snapshot. */
  #readAnew(): void {
    this.#held?.forgetEtag();
    this.#endNow();
    this.#isCut = false;
    this.#listenAt = 0;
  }

  #endNow(): void {
    this.#endEvents?.();
    this.#eventsEnded();
  }

  #eventsEnded(): void {
    const { pace, random } = this.#parts;
    this.#endEvents = undefined;
    this.#isCut = this.#isLive;
    if (!this.#isLive) {
      this.#listenFailures += 1;
      this.#listenAt = performance.now() + backoff(this.#listenFailures, pace.listen, random);
    }
    this.#isLive = false;
    this.#pause.end();
  }

  #versionsFound(keys: readonly string[]): void {
    const held = this.#held;
    if (held === undefined) return;
    const texts = this.#wanted.addTo(held, keys);
    this.#listener?.onChange(held.describe(keys, texts));
    this.#keeper.changed(held);
  }

  #hear(): void {
    this.#wasHeard = true;
    for (const resume of this.#hearing.splice(0)) resume();
  }
}

function nothingAt(at: EpochMs): SnapshotDocument {
  return { format: 1, revision: 0, at, environments: [], prompts: {}, texts: {} };
}

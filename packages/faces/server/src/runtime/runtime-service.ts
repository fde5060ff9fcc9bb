/** The feeds, channels and intakes of a server's projects, each begun when it is first asked for. */
import { type FeedLimits, type InstallationDesk, LedgerIntake, ProjectFeed } from "@colophon/harness";
import type { ServerParts } from "../server-parts.ts";
import { ByteBudget } from "./byte-budget.ts";
import { ClockSkew } from "./clock-skew.ts";
import { EventChannel } from "./event-channel.ts";
import { OpenStreams } from "./open-streams.ts";
import { PackedDocuments } from "./packed-documents.ts";
import { type RuntimeMeter, SILENT_METER } from "./runtime-meter.ts";

export interface RuntimeParts extends Pick<ServerParts, "clock" | "log" | "limits" | "stopping"> {
  readonly desk: Pick<InstallationDesk, "project">;
}

export interface RuntimeOptions {
  readonly meter?: RuntimeMeter;
  readonly feed?: Partial<FeedLimits>;
  /** Bytes of entries that may wait for the store, of all projects together; 128 MiB unless given. */
  readonly waiting?: number;
  /** Bytes that may wait for one listener; 1 MiB unless given. */
  readonly queue?: number;
}

const WAITING = 128 * 1024 * 1024;
const QUEUE = 1024 * 1024;
const BEAT_MS = 15_000;

interface OpenFeed {
  readonly feed: ProjectFeed;
  readonly channels: Map<string, EventChannel>;
}

export class RuntimeService {
  readonly budget: ByteBudget;
  readonly skew = new ClockSkew();
  readonly packed = new PackedDocuments();
  readonly streams: OpenStreams;
  readonly meter: RuntimeMeter;
  readonly #parts: RuntimeParts;
  readonly #options: RuntimeOptions;
  readonly #feeds = new Map<string, Promise<OpenFeed>>();
  readonly #intakes = new Map<string, Promise<LedgerIntake>>();
  readonly #clients = new Map<string, number>();
  readonly #beat: NodeJS.Timeout;

  constructor(parts: RuntimeParts, options: RuntimeOptions) {
    this.#parts = parts;
    this.#options = options;
    this.meter = options.meter ?? SILENT_METER;
    this.streams = new OpenStreams(parts.limits.streams);
    this.budget = new ByteBudget(options.waiting ?? WAITING, (held) => this.meter.held(held));
    this.#beat = setInterval(() => void this.beat(), BEAT_MS).unref();
    if (parts.stopping.aborted) void this.#endChannels();
    parts.stopping.addEventListener("abort", () => void this.#endChannels(), { once: true });
  }

  /** @throws HarnessError `project-unknown`, and what opening a store throws. */
  async feedOf(project: string): Promise<ProjectFeed> {
    return (await this.#openFeed(project)).feed;
  }

  /** The channel of an environment that the project's feed can serve. */
  async channelOf(project: string, environment: string): Promise<EventChannel> {
    const { feed, channels } = await this.#openFeed(project);
    const known = channels.get(environment);
    if (known !== undefined) return known;
    const channel = new EventChannel({
      ...{ feed, environment },
      clock: this.#parts.clock,
      queue: this.#options.queue ?? QUEUE,
      onClients: (difference) => this.#count(project, difference),
      onDropped: () => this.meter.dropped(project),
    });
    channels.set(environment, channel);
    return channel;
  }

  /** @throws HarnessError `project-unknown`, and what opening a store throws. */
  intakeOf(project: string): Promise<LedgerIntake> {
    return once(this.#intakes, project, async () => {
      const { ledger, care } = await this.#parts.desk.project(project);
      return new LedgerIntake({
        ...{ ledger, care },
        onCommit: (commit) => this.meter.committed(project, commit),
        onNotice: (message) => this.#parts.log.warn({ project }, message),
      });
    });
  }

  /** A sign of life to all who listen; comes by itself from time to time. */
  async beat(): Promise<void> {
    for (const { channels } of await this.#openFeeds())
      for (const channel of channels.values()) channel.beat();
  }

  /** Resolves when all that was taken is stored; streams have ended. To be closed before the desk is. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#endChannels();
    for (const { feed } of await this.#openFeeds()) await feed.close();
    for (const intake of await settled(this.#intakes)) await intake.close();
  }

  #openFeed(project: string): Promise<OpenFeed> {
    return once(this.#feeds, project, async () => {
      const feed = new ProjectFeed({
        harness: await this.#parts.desk.project(project),
        ...(this.#options.feed === undefined ? {} : { limits: this.#options.feed }),
        onNotice: (message) => this.#parts.log.warn({ project }, message),
        onRevision: (revision) => this.meter.served(project, revision),
      });
      return { feed, channels: new Map() };
    });
  }

  #openFeeds(): Promise<readonly OpenFeed[]> {
    return settled(this.#feeds);
  }

  async #endChannels(): Promise<void> {
    for (const { channels } of await this.#openFeeds())
      for (const channel of channels.values()) channel.end();
  }

  #count(project: string, difference: number): void {
    const clients = (this.#clients.get(project) ?? 0) + difference;
    this.#clients.set(project, clients);
    this.meter.listening(project, clients);
  }
}

/** What could not be made is made anew for the next one who asks. */
function once<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const making = make();
  made.set(name, making);
  making.catch(() => made.delete(name));
  return making;
}

async function settled<T>(made: ReadonlyMap<string, Promise<T>>): Promise<readonly T[]> {
  const ends = await Promise.allSettled(made.values());
  return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

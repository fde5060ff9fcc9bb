/** Sends one environment's changes to all who listen: made once, and let go of by who does not read. */
import type { ProjectFeed, ServedChange } from "@colophon/harness";
import type { Clock, EpochMs, Revision } from "@colophon/kernel";

export interface ChannelParts {
  readonly feed: ProjectFeed;
  readonly environment: string;
  readonly clock: Clock;
  /** Bytes that may wait for one client before it is let go of. */
  readonly queue: number;
  readonly onClients: (difference: number) => void;
  readonly onDropped: () => void;
}

/** What a client brings along. */
export interface Listening {
  /** What the client knows; null where it wants only what comes. */
  readonly after: Revision | null;
  /** Whether the store never came to that. */
  readonly isLost: boolean;
  /** Ends the connection at once; absent, the stream fails instead. */
  readonly cutOff?: (() => void) | undefined;
  /** Told once, when the client is gone. */
  readonly onEnd?: (() => void) | undefined;
}

interface Client {
  readonly cutOff: (() => void) | undefined;
  readonly onEnd: (() => void) | undefined;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly until: EpochMs;
  /** What it has been sent, or knew before. */
  seen: Revision;
}

/** A stream ends and is opened again after so long, so that a key that was revoked does not go on hearing. */
const LIFE_MS = 600_000;
/** Streams that were opened together do not end together. */
const SPREAD = 20;
const SPREAD_MS = 15_000;

const encoder = new TextEncoder();
const HELLO = encoder.encode(": colophon\n\n");
const BEAT = encoder.encode(":\n\n");
const RESET = encoder.encode("event: reset\ndata:\n\n");
const BYE = encoder.encode("event: bye\ndata:\n\n");

export class EventChannel {
  readonly #parts: ChannelParts;
  readonly #clients = new Set<Client>();
  readonly #endListening: () => void;
  #opened = 0;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    this.#endListening = parts.feed.listen(parts.environment, {
      onChange: (change) => this.#change(change),
      onReset: () => this.#reset(),
    });
  }

  open(listening: Listening): ReadableStream<Uint8Array> {
    let client: Client | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          client = this.#enter(controller, listening);
        },
        cancel: () => {
          if (client !== undefined) this.#leave(client);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#parts.queue }),
    );
  }

  /** A sign of life; streams whose time is over end, and all where nobody here knows any more what is current. */
  beat(): void {
    const now = this.#parts.clock.now();
    const { isBlind } = this.#parts.feed;
    for (const client of this.#clients) {
      if (now < client.until && !isBlind) this.#send(client, BEAT);
      else this.#bye(client);
    }
  }

  end(): void {
    this.#endListening();
    for (const client of this.#clients) this.#bye(client);
  }

  /** Undefined where it cannot be said, or not in a few words. */
  #missed(after: Revision | null): Uint8Array | undefined {
    const { feed, environment, queue } = this.#parts;
    if (after === null) return HELLO;
    const changes = feed.changesAfter(environment, after);
    if (changes === undefined) return undefined;
    const length = changes.reduce((sum, { json }) => sum + json.length, 0);
    return length > queue ? undefined : Buffer.concat([HELLO, ...changes.map(frameOf)]);
  }

  #enter(
    controller: ReadableStreamDefaultController<Uint8Array>,
    { after, isLost, cutOff, onEnd }: Listening,
  ): Client {
    const { feed, clock, onClients } = this.#parts;
    const missed = isLost ? undefined : this.#missed(after);
    const until = clock.now() + LIFE_MS + (this.#opened % SPREAD) * SPREAD_MS;
    const seen = Math.max(feed.revision, isLost ? 0 : (after ?? 0));
    const client = { controller, cutOff, onEnd, until, seen };
    this.#opened += 1;
    this.#clients.add(client);
    onClients(1);
    controller.enqueue(missed ?? RESET);
    return client;
  }

  #leave(client: Client): void {
    if (!this.#clients.delete(client)) return;
    this.#parts.onClients(-1);
    client.onEnd?.();
  }

  #change(change: ServedChange): void {
    const frame = frameOf(change);
    for (const client of this.#clients) {
      // One that another server has served further must not go back.
      if (change.revision <= client.seen) continue;
      client.seen = change.revision;
      this.#send(client, frame);
    }
  }

  #reset(): void {
    for (const client of this.#clients) {
      client.seen = this.#parts.feed.revision;
      this.#send(client, RESET);
    }
  }

  /** Nothing piles up behind who does not read: it is cut off, and asks for what it missed when it comes back. */
  #send(client: Client, frame: Uint8Array): void {
    if ((client.controller.desiredSize ?? 0) > 0) {
      client.controller.enqueue(frame);
      return;
    }
    this.#leave(client);
    this.#parts.onDropped();
    if (client.cutOff === undefined) client.controller.error(new Error("The client does not read."));
    else client.cutOff();
  }

  #bye(client: Client): void {
    this.#leave(client);
    client.controller.enqueue(BYE);
    client.controller.close();
  }
}

function frameOf({ revision, json }: ServedChange): Uint8Array {
  return encoder.encode(`event: change\nid: ${revision}\ndata: ${json}\n\n`);
}

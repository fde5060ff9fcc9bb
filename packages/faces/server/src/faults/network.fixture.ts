/** A network before servers that can be cut, slowed down, and left half-open: ends that believe in a connection that is none any more. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Network {
  readonly url: string;
  /** Breaks all connections and takes no new ones, until it is mended. */
  cut(): void;
  /** Lets so few bytes through in a second, each way of each connection, until it is mended. */
  slow(bytesPerSecond: number): void;
  /** From now on nothing goes through, and nobody is told; what is open stays so even when new connections work again. */
  strand(): void;
  mend(): void;
  close(): Promise<void>;
}

type State = "whole" | "cut" | "stranded";

const TICK_MS = 50;

/** Leads to the first of the ports that takes a connection. */
export async function startNetwork(ports: readonly number[]): Promise<Network> {
  const wires = new Set<Wire>();
  let state: State = "whole";
  let rate = Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    near.on("error", () => undefined);
    if (state === "cut") return void near.destroy();
    const wire = new Wire(near, ports);
    if (state === "stranded") wire.strand();
    wires.add(wire);
    near.once("close", () => wires.delete(wire));
  });
  const clock = setInterval(() => {
    for (const wire of wires) wire.pass(rate * (TICK_MS / 1000));
  }, TICK_MS);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      state = "cut";
      for (const wire of wires) wire.end();
    },
    slow(bytesPerSecond) {
      rate = bytesPerSecond;
    },
    strand() {
      state = "stranded";
      for (const wire of wires) wire.strand();
    },
    mend() {
      state = "whole";
      rate = Number.POSITIVE_INFINITY;
    },
    async close() {
      clearInterval(clock);
      const closed = once(server, "close");
      server.close();
      for (const wire of wires) wire.end();
      await closed;
    },
  };
}

/** One connection, and what is on its way in it. */
class Wire {
  readonly #near: Socket;
  #far: Socket | undefined;
  #there: Buffer = Buffer.alloc(0);
  #back: Buffer = Buffer.alloc(0);
  #isStranded = false;

  constructor(near: Socket, ports: readonly number[]) {
    this.#near = near;
    near.on("data", (piece: Buffer) => {
      this.#there = Buffer.concat([this.#there, piece]);
    });
    near.once("close", () => {
      if (!this.#isStranded) this.#far?.destroy();
    });
    this.#reach(ports);
  }

  strand(): void {
    this.#isStranded = true;
  }

  end(): void {
    this.#isStranded = false;
    this.#near.destroy();
    this.#far?.destroy();
  }

  /** Lets as many bytes through, each way. */
  pass(bytes: number): void {
    if (this.#isStranded) return;
    if (this.#far?.readyState === "open") this.#there = passed(this.#there, this.#far, bytes);
    if (this.#near.writable) this.#back = passed(this.#back, this.#near, bytes);
    if (this.#far?.destroyed === true && this.#back.length === 0) this.#near.destroy();
  }

  #reach([port, ...others]: readonly number[]): void {
    if (port === undefined) return void this.#near.destroy();
    const far = connect(port, "127.0.0.1");
    far.once("connect", () => {
      this.#far = far;
      if (this.#near.destroyed) far.destroy();
    });
    far.on("data", (piece: Buffer) => {
      this.#back = Buffer.concat([this.#back, piece]);
    });
    far.once("error", () => {
      if (this.#far === undefined) this.#reach(others);
    });
  }
}

function passed(waiting: Buffer, to: Socket, bytes: number): Buffer {
  if (waiting.length === 0) return waiting;
  const piece = waiting.subarray(0, Math.max(1, Math.floor(Math.min(bytes, waiting.length))));
  to.write(piece);
  return waiting.subarray(piece.length);
}

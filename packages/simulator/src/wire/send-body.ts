/** Sends a body piece by piece in its own time, breaks it where a fault wants that, and says how it ended. */

import type { Fault } from "../serve/choose-fault.ts";
import type { Latency } from "../serve/draw-latency.ts";
import type { Piece } from "./wire-format.ts";

export type BodyEnd = "served" | "aborted" | "cut" | "malformed";

export interface TimedBody extends Latency {
  readonly pieces: readonly Piece[];
  readonly fault: Fault;
  /** Closes the connection under the body; without one the body ends in an error. */
  readonly hangUp: (() => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly onPiece: (piece: Piece, bytes: number) => void;
  readonly onEnd: (end: BodyEnd) => void;
}

/** Timers are no finer, so shorter pauses are gathered until they make one. */
const SHORTEST_PAUSE_MS = 1;

/** Where in the body its fault strikes: after so many pieces. */
function strikesAfter(fault: Fault, pieces: number): number {
  const half = Math.floor(pieces / 2);
  if (fault.kind === "cut") return Math.min(pieces, Math.max(1, fault.after ?? half));
  if (fault.kind === "stall" || fault.kind === "malformed") return Math.min(pieces - 1, fault.after ?? half);
  return pieces;
}

/** Breaks the JSON of a piece and leaves its frame whole. */
function malform({ data }: Piece): Piece {
  const json = data.trimEnd();
  const kept = json.slice(0, json.indexOf("{") + Math.ceil((json.length - json.indexOf("{")) / 2));
  return { data: kept + data.slice(json.length), carried: {} };
}

/** The first piece comes when the first token is due, the rest in even steps until the whole time is over. */
export function sendBody(body: TimedBody): ReadableStream<Uint8Array> {
  const { pieces, fault, signal, sleep, onEnd } = body;
  const encoder = new TextEncoder();
  const alone = pieces.length <= 1;
  const pause = (body.latencyMs - body.firstTokenMs) / Math.max(1, pieces.length - 1);
  const strike = strikesAfter(fault, pieces.length);
  const last = fault.kind === "cut" ? strike : pieces.length;
  let due = alone ? body.latencyMs : body.firstTokenMs;
  let sent = 0;
  let ended = false;
  const end = (how: BodyEnd): void => {
    if (!ended) onEnd(how);
    ended = true;
  };
  const nextPiece = (): Piece => {
    const piece = pieces[sent] ?? { data: "", carried: {} };
    return fault.kind === "malformed" && sent === strike ? malform(piece) : piece;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (ended) return;
      // Only now has the piece before it been taken: breaking off sooner would take it back.
      if (fault.kind === "cut" && sent === last) {
        end("cut");
        breakOff(body, controller);
        return;
      }
      try {
        if (fault.kind === "stall" && sent === strike) await sleep(fault.pauseMs, signal);
        if (due >= SHORTEST_PAUSE_MS || sent === last - 1) {
          const wait = due;
          due = 0;
          await sleep(wait, signal);
        }
      } catch (cause) {
        end("aborted");
        controller.error(cause);
        return;
      }
      const piece = nextPiece();
      const bytes = encoder.encode(piece.data);
      controller.enqueue(bytes);
      body.onPiece(piece, bytes.byteLength);
      sent += 1;
      due += pause;
      if (sent < last || fault.kind === "cut") return;
      // The end is known before the client knows it: a reader may hang up as soon as it has what it wants.
      end(fault.kind === "malformed" ? "malformed" : "served");
      controller.close();
    },
    cancel() {
      end("aborted");
    },
  });
}

function breakOff({ hangUp }: TimedBody, controller: ReadableStreamDefaultController<Uint8Array>): void {
  if (hangUp === undefined) controller.error(new Error("The simulator cut this answer, as it was told to."));
  else hangUp();
}

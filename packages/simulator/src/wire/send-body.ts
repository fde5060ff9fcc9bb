/** Sends a body piece by piece in its own time, breaks it off where a fault wants that, and says how it ended. */

export type BodyEnd = "served" | "aborted" | "cut";

export interface TimedBody {
  readonly pieces: readonly string[];
  readonly latencyMs: number;
  /** Breaks the connection after half of the pieces. */
  readonly cut: boolean;
  /** Closes the connection under the body; without one the body ends in an error. */
  readonly hangUp: (() => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly onEnd: (end: BodyEnd) => void;
}

/** Timers are no finer, so shorter pauses are gathered until they make one. */
const SHORTEST_PAUSE_MS = 1;

/** Half of the time passes before the first piece, the rest between the others. */
export function sendBody(body: TimedBody): ReadableStream<Uint8Array> {
  const { pieces, latencyMs, cut, signal, sleep, onEnd } = body;
  const encoder = new TextEncoder();
  const pause = latencyMs / 2 / Math.max(1, pieces.length - 1);
  const last = cut ? Math.floor(pieces.length / 2) : pieces.length;
  let due = latencyMs / (pieces.length > 1 ? 2 : 1);
  let sent = 0;
  let ended = false;
  const end = (how: BodyEnd): void => {
    if (!ended) onEnd(how);
    ended = true;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (ended) return;
      try {
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
      controller.enqueue(encoder.encode(pieces[sent] ?? ""));
      sent += 1;
      due += pause;
      if (sent < last) return;
      // The end is known before the client knows it: a reader may hang up as soon as it has what it wants.
      end(cut ? "cut" : "served");
      if (!cut) controller.close();
      else breakOff(body, controller);
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

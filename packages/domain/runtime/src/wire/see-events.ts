/** Sees what an emitter of a client's own emits, without being one of its listeners. */
import { override } from "../override.ts";

export interface Emitter {
  _emit(event: string, ...values: unknown[]): unknown;
}

export function isEmitter(value: object): value is Emitter {
  return typeof (value as Partial<Emitter>)._emit === "function";
}

/**
 * Calls `see` before each event. Not through `on`: with a listener for errors, an error that the
 * application does not handle would no longer be reported to it.
 */
export function seeEvents(emitter: Emitter, see: (event: string, value: unknown) => void): void {
  const { _emit } = emitter;
  override(emitter, "_emit", (event: string, ...values: unknown[]) => {
    try {
      see(event, values[0]);
    } catch {
      // What cannot be read costs its numbers; the application gets it all the same.
    }
    return _emit.call(emitter, event, ...values);
  });
}

/** Says a trouble once while it lasts, once more when it gets worse, and once when it is over. */

/** `spool`: rows wait on disk; `memory`: nothing on disk takes them. */
export type TroubleLevel = "spool" | "memory";

export class SinkVoice {
  readonly #tell: (message: string) => void;
  #said: TroubleLevel | undefined;

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
  }

  trouble(level: TroubleLevel, message: () => string): void {
    if (this.#said === "memory" || this.#said === level) return;
    this.#said = level;
    this.say(message());
  }

  over(message: () => string): void {
    if (this.#said === undefined) return;
    this.#said = undefined;
    this.say(message());
  }

  say(message: string): void {
    try {
      this.#tell(message);
    } catch {
      // The listener's own fault must not reach the call that is being recorded.
    }
  }
}

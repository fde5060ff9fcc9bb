/** How much is simulated: all of it, or a part that a test can wait for. */

export interface Scale {
  /** Streams of each cell that counts false alarms. */
  readonly alarms: number;
  /** Streams of each cell that looks for a median. */
  readonly medians: number;
  /** What the requests of the longest streams are multiplied by. */
  readonly length: number;
  readonly seed: number;
}

export const FULL: Scale = { alarms: 2000, medians: 1001, length: 1, seed: 20_260_116 };

export const FAST: Scale = { alarms: 100, medians: 201, length: 0.1, seed: FULL.seed };

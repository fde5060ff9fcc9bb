/** Where the reading of a pattern stands. */

export interface PatternReader {
  readonly pattern: string;
  readonly flags: string;
  at: number;
}

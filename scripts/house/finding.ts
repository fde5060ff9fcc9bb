/** What a rule of the house reports: where, and one sentence on what is wrong and what to do. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

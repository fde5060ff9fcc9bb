/** Collects what a verification finds, bounded: a store that is wrong throughout must not fill the memory. */
import type { Finding } from "@colophon/kernel";

const FINDINGS_KEPT = 1000;

export class Findings {
  readonly list: Finding[] = [];
  #more = 0;
  readonly #once = new Set<string>();

  add(kind: Finding["kind"], where: string, message: string): void {
    if (this.list.length < FINDINGS_KEPT) this.list.push({ kind, where, message });
    else this.#more += 1;
  }

  /** Says a thing of one place a single time. */
  addOnce(kind: Finding["kind"], where: string, message: string): void {
    const key = `${kind} ${where}`;
    if (this.#once.has(key)) return;
    this.#once.add(key);
    this.add(kind, where, message);
  }

  /** Everything found; the last one says how much more there is. */
  close(): readonly Finding[] {
    if (this.#more === 0) return this.list;
    const last = this.list.at(-1) as Finding;
    return [...this.list, { ...last, message: `${last.message} There are ${this.#more} more findings.` }];
  }
}

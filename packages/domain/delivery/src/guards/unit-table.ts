/** Units by their draw, and a byte of notes about each. */

/** Numbers units 0, 1, 2, … in the order in which they were first seen. */
export class UnitTable {
  readonly #numbers = new Map<number, number>();

  numberOf(draw: number): number {
    const known = this.#numbers.get(draw);
    if (known !== undefined) return known;
    const next = this.#numbers.size;
    this.#numbers.set(draw, next);
    return next;
  }
}

const FIRST_SIZE = 256;

/** Eight flags for each unit; none is set at first. */
export class UnitFlags {
  #flags = new Uint8Array(FIRST_SIZE);

  get(unit: number): number {
    return this.#flags[unit] ?? 0;
  }

  set(unit: number, flags: number): void {
    if (unit >= this.#flags.length) {
      const wider = new Uint8Array(Math.max(unit + 1, this.#flags.length * 2));
      wider.set(this.#flags);
      this.#flags = wider;
    }
    this.#flags[unit] = flags;
  }
}

/** Numbers in a row at eight bytes each, however many there come to be: what is kept of each line of a large run. */

const FIRST = 256;

export class NumberColumn {
  #values = new Float64Array(FIRST);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reach(this.#length + 1);
    this.#values[this.#length - 1] = value;
  }

  /** 0 for a place that nothing was written to. */
  at(place: number): number {
    return this.#values[place] ?? 0;
  }

  add(place: number, value: number): void {
    if (place >= this.#length) this.#reach(place + 1);
    this.#values[place] = this.at(place) + value;
  }

  #reach(length: number): void {
    if (length > this.#values.length) {
      const wider = new Float64Array(Math.max(length, 2 * this.#values.length));
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#length = length;
  }
}

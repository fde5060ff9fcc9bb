/** Counts the units that each challenger has served in a step of the plan, however often that was held. */
import { UnitFlags } from "./unit-table.ts";

interface Counted {
  readonly seen: UnitFlags;
  units: number;
}

export class StepUnits {
  readonly #counted = new Map<string, Counted>();

  add(unit: number, { step, version }: { readonly step: number; readonly version: number }): void {
    const name = `${step} ${version}`;
    const counted = this.#counted.get(name) ?? { seen: new UnitFlags(), units: 0 };
    this.#counted.set(name, counted);
    if (counted.seen.get(unit) === 0) counted.units += 1;
    counted.seen.set(unit, 1);
  }

  of(step: number, version: number): number {
    return this.#counted.get(`${step} ${version}`)?.units ?? 0;
  }
}

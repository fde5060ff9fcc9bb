/** One measured figure, with the budget it is held against where there is one. */
export interface Budget {
  readonly at: "most" | "least";
  readonly value: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: Budget | null;
  /** Null without a budget. */
  readonly ok: boolean | null;
}

export function figure(name: string, value: number, unit: string): Figure {
  return { name, value, unit, budget: null, ok: null };
}

/** Holds a figure against its budget. */
export function against({ name, value, unit }: Figure, budget: Budget): Figure {
  return {
    name,
    value,
    unit,
    budget,
    ok: budget.at === "most" ? value <= budget.value : value >= budget.value,
  };
}

export function atMost(value: number): Budget {
  return { at: "most", value };
}

export function atLeast(value: number): Budget {
  return { at: "least", value };
}

/** Visits every expression of a module. */
import type { SourceModule } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";

/** `list` is the list that the value is an item of. */
export type ValueVisitor = (value: SourceValue, list: SourceValue | null) => void;

export function visitValues({ scopes, calls, exports }: SourceModule, visit: ValueVisitor): void {
  const roots = [
    ...scopes.flatMap(({ bindings, returns, parameters }) => [
      ...bindings.map(({ value }) => value),
      ...returns,
      ...parameters.flatMap(({ fallback }) => (fallback === null ? [] : [fallback])),
    ]),
    ...calls.flatMap(({ arguments: given }) => given.map(({ value }) => value)),
    ...exports.flatMap(({ value }) => (value === null ? [] : [value])),
  ];
  const seen = new Set<SourceValue>();
  const open = roots.reverse().map((value) => ({ value, list: null as SourceValue | null }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, list } = next;
    if (seen.has(value)) continue;
    seen.add(value);
    visit(value, list);
    for (const child of childrenOf(value).toReversed()) {
      open.push({ value: child, list: value.kind === "list" ? value : null });
    }
  }
}

/** The expressions inside of one, those of calls left out: they are among the module's calls. */
function childrenOf(value: SourceValue): readonly SourceValue[] {
  switch (value.kind) {
    case "text":
      return value.pieces.filter((piece) => typeof piece !== "string");
    case "concatenation":
      return value.parts;
    case "format":
      return [value.template, ...value.values.map((each) => each.value)];
    case "list":
      return value.items;
    case "spread":
      return [value.value];
    case "object":
      return value.entries.map((entry) => entry.value);
    case "choice":
      return value.options;
    case "member":
      return [value.object];
    default:
      return [];
  }
}

/** Finds texts that are put together step by step: what is added to a name, and lists that are filled and joined. */
import type { ContextStep, SourceModule, SourceText } from "./source/source-module.ts";
import type { ConcatenationValue, SourceValue, Span } from "./source/source-value.ts";
import { accumulateBindings } from "./trace/accumulate-bindings.ts";
import type { ModuleNames } from "./trace/module-index.ts";
import { ownWords } from "./trace/text-place.ts";
import { nameAt } from "./trace/tracer.ts";

/** A text whose value is no expression of the source: it spans from its first step to its last. */
export interface AssembledText extends SourceText {
  readonly value: ConcatenationValue;
}

// One step with words is a text like any other.
const FEWEST_STEPS = 2;

export function assembledTexts(module: SourceModule, names: ModuleNames): readonly AssembledText[] {
  return module.scopes.flatMap((_, scope) => {
    const grown = grownNames(module, names, scope);
    return grown.size === 0 ? [] : [...addedTexts(grown, scope), ...joinedTexts(module, grown, scope)];
  });
}

/** What each name of a scope comes to that is added or appended to, in the ways that it can. */
function grownNames(
  { source, scopes }: SourceModule,
  { bindings }: ModuleNames,
  scope: number,
): ReadonlyMap<string, readonly SourceValue[]> {
  const { parameters, from } = scopes[scope]!;
  return new Map(
    [...bindings[scope]!]
      .filter(([, own]) => own.some(({ operator }) => operator !== "set"))
      .map(([name, own]) => {
        const isParameter = parameters.some((each) => each.name === name);
        const initial = isParameter ? nameAt(name, scope, { from, to: from }) : null;
        return [name, accumulateBindings({ bindings: own, source, position: null, initial })];
      }),
  );
}

function addedTexts(
  grown: ReadonlyMap<string, readonly SourceValue[]>,
  scope: number,
): readonly AssembledText[] {
  return [...grown].flatMap(([name, values]) =>
    values.flatMap((value): readonly AssembledText[] =>
      value.kind === "concatenation" && hasSteps(value.parts)
        ? [{ value, scope, context: [{ kind: "binding", name }] }]
        : [],
    ),
  );
}

function joinedTexts(
  module: SourceModule,
  grown: ReadonlyMap<string, readonly SourceValue[]>,
  scope: number,
): readonly AssembledText[] {
  return joinsOf(module, scope).flatMap(({ value: join, context }) => {
    const [only] = join.parts;
    if (only?.kind !== "spread" || only.value.kind !== "name" || only.value.scope !== scope) return [];
    return (grown.get(only.value.name) ?? []).flatMap((list): readonly AssembledText[] => {
      if (list.kind !== "list" || list.isRepeated || !hasSteps(list.items)) return [];
      const { items: parts, from, to } = list;
      return [
        { value: { kind: "concatenation", parts, separator: join.separator, from, to }, scope, context },
      ];
    });
  });
}

interface Join {
  readonly value: ConcatenationValue;
  readonly context: readonly ContextStep[];
}

/** `s.join(parts)` where it is bound, returned or handed on. */
function joinsOf({ scopes, calls }: SourceModule, scope: number): readonly Join[] {
  const { bindings, returns, name } = scopes[scope]!;
  const places: readonly { readonly value: SourceValue; readonly step: ContextStep }[] = [
    ...bindings.map((binding) => ({
      value: binding.value,
      step: { kind: "binding", name: binding.name } as const,
    })),
    ...returns.map((value) => ({ value, step: { kind: "return", function: name } as const })),
    ...calls.flatMap((call, index) =>
      call.scope !== scope
        ? []
        : call.arguments.map(({ value, name: option }, position) => ({
            value,
            step: { kind: "argument", call: index, name: option, position } as const,
          })),
    ),
  ];
  return places.flatMap(({ value, step }) =>
    value.kind === "concatenation" && value.parts.length === 1 ? [{ value, context: [step] }] : [],
  );
}

function hasSteps(parts: readonly SourceValue[]): boolean {
  return parts.filter((part) => ownWords(part) > 0).length >= FEWEST_STEPS;
}

/** Where a text is written: between the steps of one that is put together stands code of its own. */
export function writtenSpans(value: SourceValue): readonly Span[] {
  return value.kind === "concatenation" && value.parts.length > 0
    ? value.parts.flatMap(writtenSpans)
    : [{ from: value.from, to: value.to }];
}

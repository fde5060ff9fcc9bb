/** Traces docstrings that are prompts, and functions whose result is one. */
import type { DecoratedPrompt } from "../clients/client-call.ts";
import { DECORATED_PROMPTS } from "../clients/python-frameworks.ts";
import type { SourceModule, SourceScope } from "../source/source-module.ts";
import { modelOfObject, onlyModel } from "./call-facts.ts";
import type { Located } from "./entity.ts";
import { findPlaces, type Tracers } from "./find-places.ts";
import type { TextPlace } from "./text-place.ts";
import type { TracedUse, TracedUses } from "./traced-use.ts";
import { nameAt, type Tracer } from "./tracer.ts";

export function traceDecorated(tracers: Tracers, module: number): TracedUses {
  const facts = tracers.full.index.modules[module]!;
  const uses: TracedUse[] = [];
  const glue: TextPlace[] = [];
  if (facts.language !== "python") return { uses, glue, others: [] };
  facts.scopes.forEach((scope, index) => {
    for (const entry of DECORATED_PROMPTS) {
      if (!isOf(tracers, module, entry) || !isDecorated(scope, entry)) continue;
      for (const value of textsOf(facts, { scope, index, entry })) {
        const at: Located = { module, value, frame: null };
        const found = findPlaces(tracers, at, { fields: entry.fields ?? null });
        glue.push(...found.glue);
        uses.push(...found.places.map((place) => tracedUse(tracers, { module, scope, entry, place })));
      }
    }
  });
  return { uses, glue, others: [] };
}

function isOf({ full }: Tracers, module: number, { packages }: DecoratedPrompt): boolean {
  const { imported } = full.index.names[module]!;
  return [...imported].some((name) =>
    packages.some((known) => name === known || name.startsWith(`${known}.`)),
  );
}

function isDecorated({ decorators = [], bases = [] }: SourceScope, entry: DecoratedPrompt): boolean {
  const last = (name: string) => name.split(".").at(-1) ?? "";
  return (
    decorators.some((name) => entry.decorators?.includes(last(name)) === true) ||
    bases.some((name) => entry.bases?.includes(last(name)) === true)
  );
}

function textsOf(
  module: SourceModule,
  {
    scope,
    index,
    entry,
  }: { readonly scope: SourceScope; readonly index: number; readonly entry: DecoratedPrompt },
): readonly Located["value"][] {
  if (entry.takes === "return") return scope.returns;
  return module.texts
    .filter((text) => text.scope === index && text.context.some(({ kind }) => kind === "docstring"))
    .map(({ value }) => value);
}

interface Decorated {
  readonly module: number;
  readonly scope: SourceScope;
  readonly entry: DecoratedPrompt;
  readonly place: TextPlace;
}

function tracedUse({ full }: Tracers, { module, scope, entry, place }: Decorated): TracedUse {
  const { client, role, takes } = entry;
  const { from, to } = scope;
  const model = decoratorModel(full, module, scope) ?? onlyModel(full, module);
  const { file } = full.index.modules[module]!;
  const line = full.index.lines[module]!.lineAt(from);
  return {
    place,
    use: { file, line, span: { from, to }, client, role, message: null, model, parameters: {} },
    role,
    confidence: 0.97,
    reason: `is the ${takes === "docstring" ? "docstring" : "result"} that ${client} takes as the ${role} message`,
    isCarrier: false,
  };
}

/** The model of the agent that a decorator such as `agent.system_prompt` belongs to. */
function decoratorModel(
  tracer: Tracer,
  module: number,
  { decorators = [], parent, from }: SourceScope,
): string | null {
  for (const decorator of decorators) {
    const [object = "", ...rest] = decorator.split(".");
    const value = nameAt(object, parent ?? 0, { from, to: from });
    const model = rest.length === 0 ? null : modelOfObject(tracer, { module, value, frame: null });
    if (model !== null) return model;
  }
  return null;
}

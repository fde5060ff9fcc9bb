/** Texts in places of their own, as a reader of sources would hand them over. */
import type { ContextStep, SourceModule } from "../source/source-module.ts";
import type { ClassifiedText } from "./classified-text.ts";

export interface Place {
  readonly name?: string;
  readonly property?: string;
  readonly argument?: string;
  readonly callee?: string;
  readonly file?: string;
  readonly imports?: readonly string[];
  readonly context?: readonly ContextStep[];
}

export function placed(text: string, place: Place = {}): ClassifiedText {
  const { name, property, argument, callee, context = [] } = place;
  const placeholders = Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, word = ""]) => ({
    name: word,
    source: word,
  }));
  const steps: ContextStep[] = [...context];
  if (property !== undefined) steps.push({ kind: "property", name: property });
  if (callee !== undefined) steps.push({ kind: "argument", call: 0, name: argument ?? null, position: 0 });
  if (name !== undefined) steps.push({ kind: "binding", name });
  return {
    text,
    placeholders,
    name: name ?? null,
    context: steps,
    module: emptyModule(place.file ?? "src/service.ts", place.imports ?? []),
    callee: callee?.split(".") ?? null,
  };
}

export function emptyModule(file: string, imports: readonly string[] = []): SourceModule {
  return {
    file,
    language: file.endsWith(".py") ? "python" : "typescript",
    source: "",
    imports: imports.map((module) => ({ local: module, module, imported: null, from: 0, to: 0 })),
    exports: [],
    scopes: [
      { kind: "module", name: null, parent: null, parameters: [], bindings: [], returns: [], from: 0, to: 0 },
    ],
    calls: [],
    texts: [],
    directives: [],
    problems: [],
  };
}

/** What a reader has understood of a file so far, and how it becomes a module. */
import { lineNumbers } from "./line-numbers.ts";
import { contextOf, type Place } from "./place.ts";
import type {
  SourceBinding,
  SourceCall,
  SourceExport,
  SourceFile,
  SourceImport,
  SourceModule,
  SourceParameter,
  SourceScope,
  SourceText,
} from "./source-module.ts";
import type { SourceValue, Span } from "./source-value.ts";

export interface ScopeDraft extends Omit<SourceScope, "parameters" | "bindings" | "returns"> {
  readonly parameters: SourceParameter[];
  readonly bindings: SourceBinding[];
  readonly returns: SourceValue[];
}

export interface ModuleDraft {
  readonly file: SourceFile;
  readonly imports: SourceImport[];
  readonly exports: SourceExport[];
  readonly scopes: ScopeDraft[];
  readonly calls: SourceCall[];
  readonly texts: SourceText[];
  readonly directives: { readonly at: number; readonly text: string }[];
  readonly problems: { readonly at: number; readonly message: string }[];
}

/** A draft with the module's scope and nothing else. */
export function draftModule(file: SourceFile): ModuleDraft {
  const draft: ModuleDraft = {
    file,
    imports: [],
    exports: [],
    scopes: [],
    calls: [],
    texts: [],
    directives: [],
    problems: [],
  };
  openScope(draft, { parent: null, kind: "module", name: null, from: 0, to: file.source.length });
  return draft;
}

/** @returns the number of the new scope. */
export function openScope(
  draft: ModuleDraft,
  scope: Omit<SourceScope, "parameters" | "bindings" | "returns">,
): number {
  draft.scopes.push({ ...scope, parameters: [], bindings: [], returns: [] });
  return draft.scopes.length - 1;
}

/** @returns the number of a call that begins here; the rest is filled in when its arguments have been read. */
export function reserveCall(draft: ModuleDraft, { from, to }: Span, scope: number): number {
  draft.calls.push({
    callee: [],
    receiver: null,
    calleeSpan: { from, to: from },
    arguments: [],
    isNew: false,
    isAwaited: false,
    scope,
    from,
    to,
  });
  return draft.calls.length - 1;
}

/** Says of a call that it is awaited where it stands; of any other value nothing. */
export function markAwaited(draft: ModuleDraft, value: SourceValue): void {
  if (value.kind === "call") draft.calls[value.call] = { ...draft.calls[value.call]!, isAwaited: true };
}

/** Whether there are words of the program in a value, as parts of one text. */
export function holdsText(value: SourceValue): boolean {
  switch (value.kind) {
    case "text":
      return value.pieces.some((piece) => typeof piece === "string" || holdsText(piece));
    case "concatenation":
      return value.parts.some(holdsText);
    case "format":
      return holdsText(value.template);
    case "choice":
      return value.options.some(holdsText);
    case "spread":
      return holdsText(value.value);
    case "list":
      return value.items.some(holdsText);
    default:
      return false;
  }
}

/** Tells of the outermost texts in a value that has been read as a part. */
export function tellTexts(draft: ModuleDraft, value: SourceValue, place: Place): void {
  switch (value.kind) {
    case "text":
    case "concatenation":
      if (holdsText(value)) tell(draft, value, place);
      return;
    case "format":
      if (holdsText(value.template)) tell(draft, value, place);
      else for (const filled of value.values) tellTexts(draft, filled.value, pieceOf(place));
      return;
    case "choice":
      for (const option of value.options) tellTexts(draft, option, place);
      return;
    case "spread":
      tellTexts(draft, value.value, place);
      return;
    default:
  }
}

function tell(draft: ModuleDraft, value: SourceValue, place: Place): void {
  const tag = value.kind === "text" ? value.tag : undefined;
  const context = contextOf(place);
  draft.texts.push({
    value,
    scope: place.scope,
    context: tag === undefined ? context : [{ kind: "tag", name: tag }, ...context],
  });
}

/** What the name of a loop stands for: one of the items of a list in place, or of whatever else is gone through. */
export function itemOf(value: SourceValue): SourceValue {
  const span = { from: value.from, to: value.to };
  if (value.kind !== "list") return { kind: "member", object: value, property: "[]", ...span };
  return { kind: "choice", options: value.items, ...span };
}

/** Inside a composed text. */
export function pieceOf(place: Place): Place {
  return place.step?.kind === "piece" ? place : { scope: place.scope, step: { kind: "piece" }, outer: place };
}

/** The module as agreed: texts and bindings in the order of their beginnings. */
export function finishModule(draft: ModuleDraft): SourceModule {
  const lines = lineNumbers(draft.file.source);
  const inOrder = (a: Span, b: Span) => a.from - b.from || b.to - a.to;
  return {
    file: draft.file.file,
    language: draft.file.language,
    source: draft.file.source,
    imports: draft.imports,
    exports: draft.exports,
    scopes: draft.scopes.map((scope) => ({ ...scope, bindings: scope.bindings.sort(inOrder) })),
    calls: draft.calls,
    texts: draft.texts.sort((a, b) => inOrder(a.value, b.value)),
    directives: draft.directives.map(({ at, text }) => ({ line: lines.lineAt(at), text })),
    problems: draft.problems.map(({ at, message }) => ({ line: lines.lineAt(at), message })),
  };
}

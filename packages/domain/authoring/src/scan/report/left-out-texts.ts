/** Knows which texts of a module are left out: by a comment that says so, or because `definePrompt` holds them. */
import type { SourceModule } from "../source/source-module.ts";
import type { Span } from "../source/source-value.ts";
import { isIgnored } from "./is-ignored.ts";

/** Why a text is no finding; null for one that is. */
export type WhyLeftOut = "ignored" | "declared" | null;

/** @returns says it of a text by where it stands, with its line from 1. */
export function leftOutTexts(
  module: SourceModule,
): (place: { readonly line: number; readonly span: Span }) => WhyLeftOut {
  const names = new Set(
    module.imports
      .filter(({ imported, module: from }) => imported === "definePrompt" && /^colophon(?:\/|$)/.test(from))
      .map(({ local }) => local),
  );
  // What is declared has left the code already: the registry knows it.
  const declarations = module.calls.filter(({ callee }) => callee.length === 1 && names.has(callee[0] ?? ""));
  return ({ line, span }) => {
    if (isIgnored(module.directives, line)) return "ignored";
    return declarations.some(({ from, to }) => from <= span.from && span.to <= to) ? "declared" : null;
  };
}

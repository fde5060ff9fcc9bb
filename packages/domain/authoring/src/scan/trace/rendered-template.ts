/** Sees through calls of template libraries: `Mustache.render(text, values)`, `Handlebars.compile(text)(values)`. */
import type { Located } from "./entity.ts";
import { packagesOfCall } from "./packages-of.ts";
import type { FilledFields } from "./text-place.ts";
import { type CallAt, callAt, type Tracer } from "./tracer.ts";

const RENDERING: ReadonlySet<string> = new Set([
  ...["render", "renderString", "renderAsync", "parseAndRender", "parseAndRenderSync"],
]);
const COMPILING: ReadonlySet<string> = new Set(["compile", "precompile", "parse", "fromString"]);
const LIBRARY = /^(?:mustache|handlebars|hbs|hogan(?:\.js)?|nunjucks|liquid(?:js)?|eta)$/i;

export interface RenderedTemplate {
  readonly template: Located;
  readonly filled: FilledFields;
}

/** @returns null for any other call */
export function renderedTemplate(tracer: Tracer, at: CallAt): RenderedTemplate | null {
  const { callee } = callAt(tracer, at);
  if (RENDERING.has(callee.at(-1) ?? "") && isOfLibrary(tracer, at)) {
    const template = positional(tracer, at, 0);
    return template === null ? null : filledWith(tracer, template, positional(tracer, at, 1));
  }
  for (const entity of tracer.callees(at)) {
    if (entity.kind !== "value" || entity.at.value.kind !== "call") continue;
    const { module, value, frame } = entity.at;
    const making = { module, call: value.call, frame };
    if (!COMPILING.has(callAt(tracer, making).callee.at(-1) ?? "") || !isOfLibrary(tracer, making)) continue;
    const template = positional(tracer, making, 0);
    if (template !== null) return filledWith(tracer, template, positional(tracer, at, 0));
  }
  return null;
}

function isOfLibrary(tracer: Tracer, at: CallAt): boolean {
  if (LIBRARY.test(callAt(tracer, at).callee.at(-2) ?? "")) return true;
  return [...packagesOfCall(tracer, { module: at.module, call: at.call })].some((name) => LIBRARY.test(name));
}

function positional(tracer: Tracer, at: CallAt, position: number): Located | null {
  const given = callAt(tracer, at).arguments[position];
  return given === undefined ? null : { module: at.module, value: given.value, frame: at.frame };
}

function filledWith(tracer: Tracer, template: Located, given: Located | null): RenderedTemplate {
  const values = new Map<string, Located>();
  for (const entity of given === null ? [] : tracer.expand(given)) {
    if (entity.kind !== "value" || entity.at.value.kind !== "object") continue;
    const { module, value, frame } = entity.at;
    for (const entry of value.entries)
      if (entry.key !== null) values.set(entry.key, { module, value: entry.value, frame });
  }
  return { template, filled: { style: "mustache", values } };
}

/** Reads what a tag names: `a.b`, `this.b`, `../b`, `@root.b`, `@index`. */

import { say, words } from "../say.ts";
import { foreignArgument, syntaxError, type TagSite, unsupportedError } from "./tag-error.ts";
import type { LoopName, TemplatePath } from "./template.ts";

/** Where a path stands: `eachDepth` is the number of `{{#each}}` around it, which bounds `../`. */
export interface PathSite extends TagSite {
  readonly eachDepth: number;
}

// Narrower than Handlebars' identifiers; every name that passes here means the same there.
const NAME = /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u;
const LITERAL = /^(?:true|false|null|undefined)$/;
const LOOP_NAMES: readonly string[] = ["index", "first", "last"];
// Helper calls, hash arguments, block parameters, steps in brackets, a dot for what is here, literals.
const FOREIGN_PATH = /[()=|[\]]|^\.(?:\/|$)|^(?:["']|-?\d)/;

function foreignPath(text: string): string {
  if (/^(?:["']|-?\d)/.test(text)) return `name a variable instead of the literal ${text}`;
  const instead = /[[\]]/.test(text)
    ? "write the path with dots, as in {{a.b}}"
    : "write {{this}} or {{this.x}}";
  return foreignArgument(text) ?? instead;
}

/** True for what can be a step of a path. */
export function isName(step: string): boolean {
  return NAME.test(step) && !LITERAL.test(step) && step !== "this";
}

function checkSteps(steps: readonly string[], text: string, site: TagSite): void {
  for (const step of steps) {
    if (isName(step)) continue;
    if (/^\d+$|\//.test(step) || LITERAL.test(step)) {
      throw unsupportedError(
        site,
        words(() => foreignStep(step)),
      );
    }
    throw syntaxError(site, say`${words(() => brokenStep(step))} ${text}${words(() => namesAllowed(step))}`);
  }
}

function foreignStep(step: string): string {
  if (LITERAL.test(step)) return `${step} is a literal, not a name; rename the variable`;
  return step.includes("/")
    ? "write the path with dots, as in {{a.b}}"
    : "a list is not read by position; use {{#each}}";
}

function brokenStep(step: string): string {
  if (step === "this") return "has `this` inside the path";
  return step === "" ? "has an empty step in the path" : "has a path that is no name:";
}

function namesAllowed(step: string): string {
  if (step === "this") return ": it can only begin one";
  return step === "" ? "" : "; use letters, digits, _, $ and -, with dots between";
}

function readData(text: string, site: TagSite): TemplatePath {
  const [name = "", ...segments] = text.slice(1).split(".");
  if (name === "root") {
    checkSteps(segments, text, site);
    return { from: "context", up: Number.POSITIVE_INFINITY, segments, text };
  }
  if (LOOP_NAMES.includes(name) && segments.length === 0) {
    return { from: "loop", name: name as LoopName, text };
  }
  throw unsupportedError(site, say`only @index, @first, @last and @root.x are known`);
}

/** @throws HarnessError `template-syntax` or `template-unsupported`. */
export function readPath(text: string, site: PathSite): TemplatePath {
  if (FOREIGN_PATH.test(text))
    throw unsupportedError(
      site,
      words(() => foreignPath(text)),
    );
  const rest = text.replace(/^(?:\.\.\/)+/, "");
  // Behind ../ no data is known, which reading them says.
  if (rest.startsWith("@")) return readData(text, site);
  const up = (text.length - rest.length) / 3;
  if (rest === ".." || (up > 0 && /^(?:$|this\b)/.test(rest))) {
    throw unsupportedError(site, say`name a field of what is outside, as in {{../x}}`);
  }
  if (up > site.eachDepth) {
    throw syntaxError(
      site,
      words(() => `goes further out than the {{#each}} around it: remove ${up - site.eachDepth} of its ../`),
    );
  }
  const segments = rest.split(".");
  if (up === 0 && segments[0] === "this") segments.shift();
  checkSteps(segments, text, site);
  return { from: "context", up, segments, text };
}

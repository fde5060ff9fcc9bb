/** Reads what a tag names: `a.b`, `this.b`, `../b`, `@root.b`, `@index`. */

import { say } from "../say.ts";
import {
  FOREIGN_ARGUMENTS,
  type ForeignHint,
  rejectForeign,
  syntaxError,
  type TagSite,
  unsupportedError,
} from "./tag-error.ts";
import type { LoopName, TemplatePath } from "./template.ts";

// Narrower than Handlebars' identifiers; every name that passes here means the same there.
const SEGMENT = /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u;
const LITERAL_WORDS: readonly string[] = ["true", "false", "null", "undefined"];
const LOOP_NAMES: readonly string[] = ["index", "first", "last"];

const FOREIGN_PATHS: readonly ForeignHint[] = [
  ...FOREIGN_ARGUMENTS,
  [/[[\]]/, say`write the path with dots, as in {{a.b}}`],
  [/^\.(?:\/|$)/, say`write {{this}} or {{this.x}}`],
];

function checkSegments(segments: readonly string[], text: string, site: TagSite): void {
  for (const segment of segments) {
    if (/^\d+$/.test(segment))
      throw unsupportedError(site, say`a list is not read by position; use {{#each}}`);
    if (LITERAL_WORDS.includes(segment)) {
      throw unsupportedError(site, say`${segment} is a literal, not a name; rename the variable`);
    }
    if (segment === "this")
      throw syntaxError(site, say`has \`this\` inside the path ${text}: it can only begin one`);
    if (segment.includes("/")) throw unsupportedError(site, say`write the path with dots, as in {{a.b}}`);
    if (!SEGMENT.test(segment)) {
      throw syntaxError(
        site,
        segment === ""
          ? say`has an empty step in the path ${text}`
          : say`has a path that is no name: ${text}; use letters, digits, _, $ and -, with dots between`,
      );
    }
  }
}

function readData(text: string, site: TagSite): TemplatePath {
  const [name = "", ...segments] = text.slice(1).split(".");
  if (name === "root") {
    checkSegments(segments, text, site);
    return { from: "context", up: Number.POSITIVE_INFINITY, segments, text };
  }
  if (LOOP_NAMES.includes(name) && segments.length === 0) {
    return { from: "loop", name: name as LoopName, text };
  }
  throw unsupportedError(site, say`only @index, @first, @last and @root.x are known`);
}

/** `eachDepth` is the number of `{{#each}}` around the tag, which bounds `../`. */
export function readPath(text: string, site: TagSite, eachDepth: number): TemplatePath {
  if (/^(?:["']|-?\d)/.test(text)) {
    throw unsupportedError(site, say`name a variable instead of the literal ${text}`);
  }
  rejectForeign(text, FOREIGN_PATHS, site);
  if (text.startsWith("@")) return readData(text, site);
  const rest = text.replace(/^(?:\.\.\/)+/, "");
  const up = (text.length - rest.length) / 3;
  if (rest.startsWith("@"))
    throw unsupportedError(site, say`only @index, @first, @last and @root.x are known`);
  if (rest === ".." || (up > 0 && (rest === "" || /^this\b/.test(rest)))) {
    throw unsupportedError(site, say`name a field of what is outside, as in {{../x}}`);
  }
  if (up > eachDepth) {
    throw syntaxError(
      site,
      say`goes further out than the {{#each}} around it: remove ${up - eachDepth} of its ../`,
    );
  }
  const segments = rest.split(".");
  if (up === 0 && segments[0] === "this") segments.shift();
  checkSegments(segments, text, site);
  return { from: "context", up, segments, text };
}

/** Says why a tag cannot stand where it does, and what to write instead; edge bundles leave all of it out. */
import { LONGEST_TAG, type Tag } from "./read-tag.ts";
import type { Part } from "./tag-error.ts";
import type { ReadNode } from "./template.ts";

const BLOCK_NAMES: readonly string[] = ["if", "unless", "each"];

const FOREIGN_TAG = /^(?:[{~&!*^]|#[*>])|~$/;
/** By what the tag begins with; only `~` may also end one. */
const FOREIGN_TAGS: Readonly<Record<string, string>> = {
  "{{": "there are no raw blocks; write \\{{x}} for a literal tag",
  "{": "nothing is escaped here, so write {{x}}; for a literal brace before a tag put a blank between",
  "&": "nothing is escaped here, so write {{x}}",
  "!": "there are no comments; keep them outside the body",
  "*": "there are no decorators; use a partial in a file of its own",
  "#*": "there are no decorators; use a partial in a file of its own",
  "#>": "there are no partial blocks; write {{> name}}",
  "^": "write {{else}} or {{#unless x}}",
};

/** What arguments may look like elsewhere, and what to write here instead. */
const FOREIGN_ARGUMENTS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/[()]/, "there are no helper calls in an argument; pass the value in as a variable"],
  [/=/, "there are no hash arguments; name one variable"],
  [/(?:^| )as \||^\S*\|/, "there are no block parameters; read {{this}} or {{../x}}"],
];

const LITERAL = /^(?:true|false|null|undefined)$/;
const NAME = /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u;

/** Continues the sentence "{{tag}} at line 1, column 1 …". */
export function explainTag(tag: string, open: OpenBlock, source: string): string {
  if (tag.includes("\0")) return "holds a NUL character, which cannot stand in a template: remove it";
  if (!tag.endsWith("}}")) return "is never closed: write }} at its end, or \\{{ for two literal braces";
  const inner = tag.slice(2, tag.indexOf("}}", 2));
  if (FOREIGN_TAG.test(inner)) return unsupported(foreignTag(inner));
  if (tag.endsWith("}}}")) return "closes with three braces: put a blank between the tag and a literal }";
  if (inner.includes("{{")) return "is not closed before the next {{: write }} at its end";
  if (tag.length > LONGEST_TAG) return `is longer than ${LONGEST_TAG} characters: shorten it`;
  const rest = inner.slice(1).trim();
  if (inner.startsWith("#")) return explainBlock(wordsOf(rest));
  if (inner.startsWith(">")) return explainPartial(rest);
  if (inner.startsWith("/")) return explainClose(open, source);
  if (/^\s+[#/>^!&]/.test(inner)) return "has a blank before its sign: remove it";
  return explainWords(wordsOf(inner));
}

function unsupported(instead: string): string {
  return `is not supported: ${instead}`;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function foreignTag(inner: string): string {
  const sign = Object.keys(FOREIGN_TAGS).find((start) => inner.startsWith(start));
  const isTilde = sign === undefined || (!inner.startsWith("{") && inner.endsWith("~"));
  return isTilde ? "there is no whitespace control; remove the ~" : (FOREIGN_TAGS[sign] ?? "");
}

function foreignArgument(text: string): string | undefined {
  return FOREIGN_ARGUMENTS.find(([pattern]) => pattern.test(text))?.[1];
}

/** The one variable that a block or `json` takes. */
function explainArgument([argument = "", ...more]: readonly string[], kind: string): string {
  if (more.length === 0) return explainPath(argument);
  const all = [argument, ...more].join(" ");
  return unsupported(foreignArgument(all) ?? `{{${kind} x}} takes one variable`);
}

function explainBlock([name, ...more]: readonly string[]): string {
  if (name === undefined) return "names no block: write {{#if x}}, {{#unless x}} or {{#each x}}";
  if (name === "with") return unsupported("write the whole path, as in {{a.b}}");
  if (!BLOCK_NAMES.includes(name))
    return unsupported("the blocks are {{#if x}}, {{#unless x}} and {{#each x}}");
  return more.length === 0 ? `names no variable: write {{#${name} x}}` : explainArgument(more, `#${name}`);
}

function explainPartial(ref: string): string {
  if (ref === "") return "names no partial: write {{> name}}";
  if (ref.startsWith("(")) return unsupported("a partial is named by a plain name, as in {{> shared.tone}}");
  if (/^["'[@]/.test(ref))
    return unsupported("write the name plain, as in {{> shared.tone}} or {{> shared.tone@v3}}");
  if (/\s/.test(ref))
    return unsupported("a partial takes no arguments; it reads the variables where it stands");
  const [name, ...pins] = ref.split("@");
  if (pins.length > 0 && !/^v[1-9]\d{0,8}$/.test(pins.join("@")))
    return "pins no version: write {{> name@v3}}";
  return `has no valid partial name: ${name}; use letters, digits, _ and -, with dots or slashes between`;
}

function explainRole([word = "", ...more]: readonly string[]): string {
  return /^(["']).*\1$/.test(word) && more.length === 0
    ? unsupported("the roles are system, user, assistant and model; results of tools belong to the history")
    : 'names no role: write {{role "system"}}, or {{this.role}} for a variable of that name';
}

function explainWords(all: readonly string[]): string {
  const [first, ...more] = all;
  if (first === undefined) return "is empty: name a variable";
  if (/^else\b/.test(first))
    return unsupported(
      first === "else" ? "nest an {{#if x}} inside the {{else}}" : `write {{this.${first}}}`,
    );
  if (first === "role") return explainRole(more);
  if (first === "json")
    return more.length === 0
      ? "names no variable: write {{json x}}, or {{this.json}} for a variable of that name"
      : explainArgument(more, first);
  if (more.length > 0) return unsupported(noHelper(all));
  return NAME.test(first) && !LITERAL.test(first)
    ? unsupported(`${first} is a word of the language; write {{this.${first}}} for a variable of that name`)
    : explainPath(first);
}

function noHelper([first = "", ...more]: readonly string[]): string {
  if (!/[["']/.test(first)) {
    return (
      foreignArgument(more.join(" ")) ??
      `there is no helper ${first}, the only one is json; pass the value in as a variable`
    );
  }
  return (
    foreignArgument([first, ...more].join(" ")) ??
    "a tag names one variable, its path written with dots; the only helper is json"
  );
}

function explainPath(text: string): string {
  // Helper calls, hash arguments, block parameters, steps in brackets, a dot for what is here, literals.
  if (/[()=|[\]]|^\.(?:\/|$)|^(?:["']|-?\d)/.test(text)) return unsupported(foreignPath(text));
  const rest = text.replace(/^(?:\.\.\/)+/, "");
  // Behind ../ no data is known, which reading them says.
  if (rest.startsWith("@") && !/^@root(?:\.|$)/.test(text))
    return unsupported("only @index, @first, @last and @root.x are known");
  if (rest === ".." || (rest !== text && /^(?:$|this\b)/.test(rest)))
    return unsupported("name a field of what is outside, as in {{../x}}");
  const steps = rest.split(".");
  for (const step of /^(?:this|@root)$/.test(steps[0] ?? "") ? steps.slice(1) : steps) {
    const why = explainStep(step, text);
    if (why !== undefined) return why;
  }
  return "names no variable: write {{x}}";
}

function foreignPath(text: string): string {
  if (/^(?:["']|-?\d)/.test(text)) return `name a variable instead of the literal ${text}`;
  const instead = /[[\]]/.test(text)
    ? "write the path with dots, as in {{a.b}}"
    : "write {{this}} or {{this.x}}";
  return foreignArgument(text) ?? instead;
}

function explainStep(step: string, text: string): string | undefined {
  if (step === "this") return `has \`this\` inside the path ${text}: it can only begin one`;
  if (LITERAL.test(step)) return unsupported(`${step} is a literal, not a name; rename the variable`);
  if (step.includes("/")) return unsupported("write the path with dots, as in {{a.b}}");
  if (/^\d+$/.test(step)) return unsupported("a list is not read by position; use {{#each}}");
  if (step === "") return `has an empty step in the path ${text}`;
  if (NAME.test(step)) return undefined;
  return `has a path that is no name: ${text}; use letters, digits, _, $ and -, with dots between`;
}

/** A block that was not closed yet; without a tag what is outside of blocks. */
interface OpenBlock {
  readonly tag?: string;
  readonly node?: ReadNode;
}

/** For `{{/name}}`. */
export function explainClose({ tag, node }: OpenBlock, source: string): string {
  return node
    ? `does not close ${tag} of line ${lineOf(node, source)}: write {{/${node.kind}}}`
    : "closes nothing: remove it, or open its block before";
}

/** For `{{else}}`. */
export function explainElse({ tag, node }: OpenBlock, source: string): string {
  return node
    ? `is the second one in ${tag} of line ${lineOf(node, source)}: keep one`
    : "stands outside a block; write {{this.else}} for a variable of that name";
}

function lineOf({ at }: ReadNode, source: string): number {
  return source.slice(0, at).split("\n").length;
}

/** For what stands behind the history, and for roles and history. */
export function explainTurn({ word, role }: Tag, { tag }: OpenBlock, part: Part | undefined): string {
  if (word !== "history" && role === undefined)
    return unsupported('text after {{history}} has no role; put {{role "user"}} before it');
  if (tag !== undefined)
    return unsupported(`roles and history stand outside of blocks; close ${tag} before it`);
  if (part === undefined) return unsupported("a body has one history slot; remove the second");
  return unsupported(
    "partial" in part
      ? "roles and history belong to the body, not to a partial"
      : "in a list of messages, roles and history are parts of the list",
  );
}

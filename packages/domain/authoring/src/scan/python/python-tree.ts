/** The syntax tree of a Python source, whole whatever is wrong with it. */
import { parser } from "@lezer/python";
import { withoutWithParentheses } from "./with-parentheses.ts";

export interface PythonNode {
  /** As the grammar names it: `CallExpression`, `VariableName`, and each token by itself: `(`, `for`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly PythonNode[];
}

export interface PythonTree {
  readonly root: PythonNode;
  readonly comments: readonly PythonNode[];
  /** Where the grammar could not follow: one for each line. */
  readonly problems: readonly { readonly at: number; readonly message: string }[];
}

export function parsePython(source: string): PythonTree {
  const tree = parser.parse(parseable(source));
  const comments: PythonNode[] = [];
  const errors: number[] = [];
  const root = { name: "Script", from: 0, to: source.length, children: [] as PythonNode[] };
  const open = [root];
  tree.iterate({
    enter({ type, from, to }) {
      if (type.isTop) return;
      const node = { name: type.name, from, to, children: [] };
      if (type.isError) errors.push(from);
      if (type.name === "Comment") comments.push(node);
      else if (!type.isError) open.at(-1)!.children.push(node);
      // What was understood inside of an error belongs to what stands around it.
      open.push(type.isError ? open.at(-1)! : node);
    },
    leave({ type }) {
      if (!type.isTop) open.pop();
    },
  });
  return { root, comments, problems: problemsAt(errors, source) };
}

function problemsAt(errors: readonly number[], source: string): PythonTree["problems"] {
  const problems: { at: number; message: string }[] = [];
  for (const at of errors) {
    const last = problems.at(-1);
    if (last !== undefined && !source.slice(last.at, at).includes("\n")) continue;
    const line = source.slice(
      at,
      source.indexOf("\n", at) < 0 ? at + 40 : Math.min(at + 40, source.indexOf("\n", at)),
    );
    problems.push({ at, message: `not understood from here: ${JSON.stringify(line.trim())}` });
  }
  return problems;
}

/**
 * What the grammar does not know, with what is read in its place: character for character, so that all places stay.
 * Inside of strings the change is of no consequence: texts are read from the source itself.
 */
const REWRITTEN: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [/^\uFEFF/, "\n"],
  [/\\\r\n/g, " \\\n"],
  [/\r\n/g, " \n"],
  [/\r/g, "\n"],
  [/^\f/gm, "\n"],
  [/\f/g, " "],
  // A backslash before a brace would hide what a format string holds there.
  [/\\(?=\{)/g, " "],
  // Template strings are read as format strings are.
  [/(?<!\w)[tT](?=[rR]?["'])/g, "f"],
  [/(?<!\w)[rR][tT](?=["'])/g, "rf"],
  // A number such as `3.`.
  [/(?<![\w.])\d[\d_]*\.(?![^\WeEjJ])/g, (found) => found.replace(".", "0")],
  // A `yield` that gives nothing is a name that happens to be there.
  [/\byield(?=[ \t]*(?:[)\]},;#\n]|$))/g, "Yield"],
  // Patterns with nothing in them: `case Point():`, `case {}:`.
  [
    /^[ \t]*case[ \t]+(?!=)(?:[^\n]*?(?=[ \t]+if[ \t]|:[ \t]*(?:#|$))|[^\n:]*(?=:))/gm,
    (found) => found.replace(/(?<=\w)\(\)/g, "  ").replace(/\(\)|\{\}|\[\]/g, "__"),
  ],
  // `for key, *others in …`
  [/\bfor[ \t]+[\w \t,()]*\*[\w \t,()]*\bin\b/g, (found) => found.replaceAll("*", " ")],
  // `with … as self.client`, `with … as (a, b)`.
  [/\bas[ \t]+[A-Za-z_]\w*(?:\.\w+)+(?=[ \t]*[:,)])/g, (found) => found.replaceAll(".", "_")],
  [
    /\bas[ \t]+\([\w\s,.*]*\)(?=[ \t]*[:,)])/g,
    (found) => found.replace(/\([^)]*\)/, (target) => "_".repeat(target.length)),
  ],
];

function parseable(source: string): string {
  let text = source;
  for (const [known, instead] of REWRITTEN) {
    text = typeof instead === "string" ? text.replace(known, instead) : text.replace(known, instead);
  }
  return withoutWithParentheses(text);
}

/** Makes pieces of a Jinja text (Jinja2, Nunjucks): what the house's language has no counterpart for is refused in its line. */
import { boundSource } from "../bound-source.ts";
import { CannotConvert, excerpt } from "../cannot-convert.ts";
import { type BlockPiece, isPathStep, type Piece, plainPath } from "../template/piece.ts";
import { printPieces } from "../template/print-pieces.ts";
import { type JinjaToken, lexJinja } from "./lex-jinja.ts";
import { type JinjaExpression, parseJinjaExpression, unquoted } from "./parse-jinja-expression.ts";

export interface JinjaOptions {
  /** Whether a variable may be missing and is a text then: it stands in an `{{#if}}`. */
  readonly isOptional: (name: string) => boolean;
  /** Says what is not quite the same, with its line. */
  readonly say: (sentence: string, line: number) => void;
}

/** @throws CannotConvert for a tag without a counterpart. */
export function convertJinja(source: string, options: JinjaOptions): string {
  const { text, blanks } = printPieces(new JinjaConverter(lexJinja(boundSource(source)), options).whole());
  for (const line of blanks) {
    options.say(
      "a blank was put between a brace or backslash of the text and the tag beside it, since together they would mean something else.",
      line,
    );
  }
  return text;
}

/** Deeper than this is no prompt, and would exhaust the stack. */
const DEEPEST = 100;
/** Of pieces that stand twice, because a condition has several parts. */
const MOST_COPIES = 2_000;

interface Surroundings {
  /** Names of the loops' items, the innermost last. */
  readonly loops: readonly string[];
  /** Paths that hold here. */
  readonly proven: readonly string[];
  readonly depth: number;
}

interface Ended {
  readonly pieces: readonly Piece[];
  /** The statement that ended them: `endif`, `else`, `elif x`; null at the end of the text. */
  readonly by: { readonly word: string; readonly rest: string; readonly line: number } | null;
}

class JinjaConverter {
  readonly #tokens: readonly JinjaToken[];
  readonly #options: JinjaOptions;
  #at = 0;
  #copies = 0;

  constructor(tokens: readonly JinjaToken[], options: JinjaOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  whole(): readonly Piece[] {
    const { pieces, by } = this.#until({ loops: [], proven: [], depth: 0 });
    if (by === null) return pieces;
    throw new CannotConvert(`{% ${by.word} %} closes nothing; open its block before it.`, by.line);
  }

  #until(around: Surroundings): Ended {
    if (around.depth > DEEPEST)
      throw new CannotConvert(`its blocks nest more than ${DEEPEST} deep; write it flatter.`);
    const pieces: Piece[] = [];
    for (let token = this.#tokens[this.#at++]; token !== undefined; token = this.#tokens[this.#at++]) {
      if (token.kind === "text") pieces.push(token);
      else if (token.kind === "output") pieces.push(...this.#output(token, around));
      else {
        const [word = "", ...words] = token.inner.split(/\s+/);
        const rest = words.join(" ");
        const { line } = token;
        if (["elif", "else", "endif", "endfor"].includes(word)) return { pieces, by: { word, rest, line } };
        if (word === "if") pieces.push(...this.#if({ rest: token.inner.slice(2), line }, around));
        else if (word === "for") pieces.push(this.#for({ rest, line }, around));
        else {
          throw new CannotConvert(
            `{% ${excerpt(token.inner)} %} has no counterpart; write the text itself, a partial, or pass the value in.`,
            line,
          );
        }
      }
    }
    return { pieces, by: null };
  }

  #if({ rest, line }: Statement, around: Surroundings): readonly Piece[] {
    const condition = parseJinjaExpression(rest, line);
    const proven = condition.kind === "path" ? [this.#path(condition.steps, { around, line })] : [];
    const inside = { ...around, depth: around.depth + 1 };
    const body = this.#until({ ...inside, proven: [...around.proven, ...proven] });
    const { by } = body;
    if (by?.word === "elif") {
      const otherwise = this.#if({ rest: by.rest, line: by.line }, inside);
      return this.#branch({ condition, line, around }, body.pieces, otherwise);
    }
    let otherwise: Ended = { pieces: [], by };
    if (by?.word === "else") otherwise = this.#until(inside);
    if (otherwise.by?.word !== "endif")
      throw new CannotConvert("{% if %} is never closed: write {% endif %}.", line);
    return this.#branch({ condition, line, around }, body.pieces, otherwise.pieces);
  }

  #branch(asked: Asked, body: readonly Piece[], otherwise: readonly Piece[]): readonly Piece[] {
    const { condition, line, around } = asked;
    const ask = (of: JinjaExpression): Asked => ({ condition: of, line, around });
    switch (condition.kind) {
      case "path": {
        const path = this.#path(condition.steps, { around, line });
        return [
          body.length === 0
            ? { kind: "unless", path, body: otherwise, otherwise: [] }
            : { kind: "if", path, body, otherwise },
        ];
      }
      case "not": {
        if (condition.of.kind !== "path") return this.#branch(ask(condition.of), otherwise, body);
        const path = this.#path(condition.of.steps, { around, line });
        return [{ kind: "unless", path, body, otherwise }];
      }
      case "and":
        this.#copied(otherwise, line);
        return this.#branch(
          ask(condition.left),
          this.#branch(ask(condition.right), body, otherwise),
          otherwise,
        );
      case "or":
        this.#copied(body, line);
        return this.#branch(ask(condition.left), body, this.#branch(ask(condition.right), body, otherwise));
      default:
        throw new CannotConvert(
          "a condition asks for more than variables; compute the answer in code and pass it in.",
          line,
        );
    }
  }

  #copied(pieces: readonly Piece[], line: number): void {
    this.#copies += countPieces(pieces);
    if (this.#copies > MOST_COPIES) {
      throw new CannotConvert(
        "its conditions have too many parts; compute the answers in code and pass them in.",
        line,
      );
    }
  }

  #for({ rest, line }: Statement, around: Surroundings): BlockPiece {
    const [, name, list = ""] = /^([A-Za-z_]\w*)\s+in\s+(.+)$/s.exec(rest) ?? [];
    if (name === undefined || /\s(?:if|recursive)\b/.test(list)) {
      throw new CannotConvert(
        `{% for ${excerpt(rest)} %} has no counterpart; go through a list of objects, as in {% for item in items %}.`,
        line,
      );
    }
    const of = parseJinjaExpression(list, line);
    if (of.kind !== "path") {
      throw new CannotConvert(
        `{% for ${excerpt(rest)} %} goes through no variable; pass the list in as one.`,
        line,
      );
    }
    const path = this.#path(of.steps, { around, line });
    const depth = around.depth + 1;
    const body = this.#until({ ...around, loops: [...around.loops, name], depth });
    const otherwise =
      body.by?.word === "else" ? this.#until({ ...around, depth }) : { pieces: [], by: body.by };
    if (otherwise.by?.word !== "endfor")
      throw new CannotConvert("{% for %} is never closed: write {% endfor %}.", line);
    return { kind: "each", path, body: body.pieces, otherwise: otherwise.pieces };
  }

  #output(
    { inner, line }: { readonly inner: string; readonly line: number },
    around: Surroundings,
  ): readonly Piece[] {
    const expression = parseJinjaExpression(inner, line);
    if (expression.kind === "text") return [expression];
    if (expression.kind === "path") return [this.#value(expression.steps, { around, line })];
    if (expression.kind !== "filter" || expression.of.kind !== "path") {
      throw new CannotConvert(`{{ ${excerpt(inner)} }} computes; pass the result in as a variable.`, line);
    }
    return this.#filtered(expression, { steps: expression.of.steps, around, line });
  }

  #filtered(
    { name, given }: { readonly name: string; readonly given: readonly string[] },
    at: At & { readonly steps: readonly string[] },
  ): readonly Piece[] {
    const { line } = at;
    const path = this.#path(at.steps, at);
    const [first = '""', second] = given;
    if (name === "safe") return [this.#value(at.steps, at)];
    if (name === "tojson" || name === "dump") {
      this.#options.say(`${name} of ${path} is {{json ${path}}}: in one line, without blanks between.`, line);
      return [{ kind: "json", path }];
    }
    if ((name === "default" || name === "d") && /^["']/.test(first)) {
      if (!/^[Tt]rue$/.test(second ?? "")) {
        this.#options.say(
          `the default of ${path} stands in an {{else}}: an empty text counts as missing, too.`,
          line,
        );
      }
      const otherwise = [{ kind: "text", text: unquoted(first) } as const];
      return [{ kind: "if", path, body: [{ kind: "value", path }], otherwise }];
    }
    if (name === "join" && /^["']/.test(first)) {
      const separator = { kind: "text", text: unquoted(first) } as const;
      const between = { kind: "unless", path: "@last", body: [separator], otherwise: [] } as const;
      return [{ kind: "each", path, body: [{ kind: "value", path: "this" }, between], otherwise: [] }];
    }
    throw new CannotConvert(
      `the filter ${excerpt(name)} has no counterpart; pass the result in as a variable.`,
      line,
    );
  }

  #value(steps: readonly string[], at: At): Piece {
    const path = this.#path(steps, at);
    const { loops, proven } = at.around;
    const [name = ""] = steps;
    const isLoose = !loops.includes(name) && name !== "loop" && this.#options.isOptional(name);
    if (!isLoose || proven.includes(path)) return { kind: "value", path };
    return { kind: "if", path, body: [{ kind: "value", path }], otherwise: [] };
  }

  #path(steps: readonly string[], { around, line }: At): string {
    const { loops } = around;
    const [first = "", ...rest] = steps;
    if (!steps.every(isPathStep)) {
      throw new CannotConvert(
        `${excerpt(steps.join("."))} is no name that a variable can have here; rename it.`,
        line,
      );
    }
    const loop = loops.lastIndexOf(first);
    if (first === "loop" && loops.length > 0 && loop === -1) return loopPath(rest, line);
    if (loop === -1) return loops.length === 0 ? plainPath(steps) : `@root.${steps.join(".")}`;
    const outward = loops.length - 1 - loop;
    if (outward === 0) return ["this", ...rest].join(".");
    if (rest.length > 0) return "../".repeat(outward) + rest.join(".");
    throw new CannotConvert(
      `{{ ${first} }} is the item of an outer loop, which only its fields can be read of; make it an object with a field.`,
      line,
    );
  }
}

interface Statement {
  readonly rest: string;
  readonly line: number;
}

interface At {
  readonly around: Surroundings;
  readonly line: number;
}

interface Asked extends At {
  readonly condition: JinjaExpression;
}

function loopPath([name, ...more]: readonly string[], line: number): string {
  const path =
    more.length === 0 ? { index0: "@index", first: "@first", last: "@last" }[name ?? ""] : undefined;
  if (path !== undefined) return path;
  throw new CannotConvert(
    `loop.${name ?? ""} has no counterpart; there are loop.index0, loop.first and loop.last, and numbers from 1 are a field of the items.`,
    line,
  );
}

function countPieces(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + 1 + ("body" in piece ? countPieces(piece.body) + countPieces(piece.otherwise) : 0),
    0,
  );
}

/** Parses an expression of Jinja as far as the house's language has a counterpart. */
import { CannotConvert, excerpt } from "../cannot-convert.ts";

export type JinjaExpression =
  | { readonly kind: "path"; readonly steps: readonly string[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "not"; readonly of: JinjaExpression }
  | { readonly kind: "and" | "or"; readonly left: JinjaExpression; readonly right: JinjaExpression }
  | {
      readonly kind: "filter";
      readonly name: string;
      readonly of: JinjaExpression;
      readonly given: readonly string[];
    };

const WORD = /\s*(?:([A-Za-z_]\w*)|(\d[\d.]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(==|!=|<=|>=|[^\s]))/y;
/** More than this in one condition is no prompt. */
const MOST_WORDS = 60;

/** @throws CannotConvert for everything else, with what to do. */
export function parseJinjaExpression(source: string, line: number): JinjaExpression {
  return new ExpressionParser(source, line).whole();
}

class ExpressionParser {
  readonly #source: string;
  readonly #line: number;
  readonly #words: readonly string[];
  #at = 0;

  constructor(source: string, line: number) {
    this.#source = source;
    this.#line = line;
    const words: string[] = [];
    WORD.lastIndex = 0;
    for (let match = WORD.exec(source); match !== null; match = WORD.exec(source))
      words.push(match[0].trim());
    this.#words = words;
    if (words.length > MOST_WORDS)
      throw this.#refuse("is too long; compute it in code and pass the result in");
  }

  whole(): JinjaExpression {
    const expression = this.#or();
    const next = this.#words[this.#at];
    if (next === undefined) return expression;
    if (/^(?:==|!=|<=|>=|<|>|in|is)$/.test(next)) {
      throw this.#refuse(
        "compares; compute the answer in code, pass it in as a variable and write {{#if x}}",
      );
    }
    if (next === "if")
      throw this.#refuse("has a condition inside; write {% if … %} around it, or pass the value in");
    throw this.#refuse("computes; compute it in code and pass the result in as a variable");
  }

  #or(): JinjaExpression {
    let left = this.#and();
    while (this.#takes("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): JinjaExpression {
    let left = this.#not();
    while (this.#takes("and")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): JinjaExpression {
    return this.#takes("not") ? { kind: "not", of: this.#not() } : this.#filtered();
  }

  #filtered(): JinjaExpression {
    let of = this.#primary();
    while (this.#takes("|")) {
      const name = this.#words[this.#at++] ?? "";
      of = { kind: "filter", name, of, given: this.#takes("(") ? this.#given() : [] };
    }
    return of;
  }

  #primary(): JinjaExpression {
    const word = this.#words[this.#at++];
    if (word === undefined) throw this.#refuse("is empty; name a variable");
    if (word === "(") {
      const inside = this.#or();
      if (!this.#takes(")")) throw this.#refuse("lacks a closing bracket");
      return inside;
    }
    if (/^["']/.test(word)) return { kind: "text", text: unquoted(word) };
    if (!/^[A-Za-z_]/.test(word)) throw this.#refuse("names no variable; pass the value in as one");
    return { kind: "path", steps: this.#steps(word) };
  }

  #steps(first: string): readonly string[] {
    const steps = [first];
    for (;;) {
      if (this.#takes(".")) steps.push(this.#words[this.#at++] ?? "");
      else if (this.#takes("[")) {
        const name = this.#words[this.#at++] ?? "";
        if (!/^["']/.test(name) || !this.#takes("]")) {
          throw this.#refuse("reads a list by position; use {% for %}, or pass the value in as a variable");
        }
        steps.push(unquoted(name));
      } else if (this.#words[this.#at] === "(") {
        throw this.#refuse("calls something; nothing is ever called, so pass the result in as a variable");
      } else return steps;
    }
  }

  #given(): readonly string[] {
    const given: string[] = [];
    for (;;) {
      const word = this.#words[this.#at++];
      if (word === undefined) throw this.#refuse("lacks a closing bracket");
      if (word === ")") return given;
      if (word !== ",") given.push(word);
    }
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  #refuse(why: string): CannotConvert {
    return new CannotConvert(`${excerpt(this.#source.trim())} ${why}.`, this.#line);
  }
}

/** The text of a quoted word. */
export function unquoted(word: string): string {
  return word.slice(1, -1).replace(/\\(.)/gs, (_, sign: string) => ESCAPES[sign] ?? sign);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

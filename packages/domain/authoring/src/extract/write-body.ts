/** Writes the messages of a call in the template language, with a variable for each value, and proves that they come out the same. */
import { type Body, buildText, type CacheBreakpoint, compileBody, type Message } from "@colophon/kernel";
import { asTest, type ChoicePiece, type Hole, type Piece } from "./javascript/piece.ts";
import type { DraftMessage } from "./javascript/read-messages.ts";
import { isOnly, type ValueFacts } from "./javascript/value-facts.ts";
import { nameTest, nameValue, uniqueName } from "./name-values.ts";

export type VariableType = "string" | "number" | "boolean";

export interface ExtractedVariable {
  readonly name: string;
  readonly type: VariableType;
  /** The expression that is passed for it. */
  readonly source: string;
  /** Why it is passed so; null where there is nothing to say. */
  readonly remark: string | null;
}

export interface WrittenBody {
  readonly body: Body;
  readonly variables: readonly ExtractedVariable[];
  /** Behind which messages a provider's cache may end. */
  readonly cache: readonly CacheBreakpoint[];
}

type Sample = Readonly<Record<string, string | number | boolean>>;

/** Null where the template language cannot say it. */
export function writeBody(messages: readonly DraftMessage[], facts: ValueFacts): WrittenBody | null {
  const asChoices = new BodyWriter(facts).write(messages);
  if (asChoices !== null) return asChoices;
  // A tag that stands alone on its line takes the line with it, which a text may not want.
  const pieces = messages.flatMap((message) => message.pieces);
  if (pieces.some((piece) => isChoice(piece) && piece.whole === null)) return null;
  const whole = messages.map((message) => ({
    ...message,
    pieces: message.pieces.map((piece) => (isChoice(piece) ? (piece.whole as Hole) : piece)),
  }));
  return new BodyWriter(facts).write(whole);
}

function cacheOf(messages: readonly DraftMessage[]): readonly CacheBreakpoint[] {
  const system = messages.findLastIndex(({ role }) => role === "system");
  return messages.flatMap(({ isCached }, index) => (isCached ? [index === system ? "system" : index] : []));
}

function isChoice(piece: Piece): piece is ChoicePiece {
  return typeof piece === "object" && piece.kind === "choice";
}

/** What a piece prints for given variables. */
type Printer = (sample: Sample) => string;

class BodyWriter {
  readonly #facts: ValueFacts;
  readonly #variables: ExtractedVariable[] = [];
  readonly #names = new Set<string>();

  constructor(facts: ValueFacts) {
    this.#facts = facts;
  }

  write(messages: readonly DraftMessage[]): WrittenBody | null {
    const parts = messages.map(({ role, pieces }) => ({ role, ...this.#writePieces(pieces) }));
    const [only] = parts;
    const body: Body =
      parts.length === 1 && only?.role === "user"
        ? only.template
        : parts.map(({ role, template }) => ({ role, content: template }));
    const isSame = this.#samples().every((sample) => {
      const wanted = parts.map(({ role, print }) => ({ role, content: print(sample) }));
      return rendersAs(body, sample, wanted);
    });
    return isSame ? { body, variables: this.#variables, cache: cacheOf(messages) } : null;
  }

  #writePieces(pieces: readonly Piece[]): { readonly template: string; readonly print: Printer } {
    let template = "";
    const printers: Printer[] = [];
    const rest = [...pieces];
    for (let piece = rest.shift(); piece !== undefined; piece = rest.shift()) {
      const next = rest[0];
      if (typeof piece === "string") {
        const words = piece;
        const open = typeof next === "object" && next.kind === "hole" ? (/\{+$/.exec(words)?.[0] ?? "") : "";
        const kept = words.slice(0, words.length - open.length);
        template += escaped(kept, typeof next === "object" && open === "");
        printers.push(() => kept);
        if (open === "") continue;
        piece = rest.shift() as Hole;
        const written = this.#writeHole(piece, { open, rest });
        // Braces went along with the value, so what stands before it ends in none.
        template = template.endsWith("\\") ? `${template}\\${written.tag}` : template + written.tag;
        printers.push(written.print);
      } else if (piece.kind === "hole") {
        const written = this.#writeHole(piece, { open: "", rest });
        template += written.tag;
        printers.push(written.print);
      } else {
        const written = this.#writeChoice(piece);
        template += written.template;
        printers.push(written.print);
      }
    }
    return { template, print: (sample) => printers.map((print) => print(sample)).join("") };
  }

  /** Braces beside a tag would make three in a row, which says something else: they are passed with the value. */
  #writeHole(
    hole: Hole,
    { open, rest }: { readonly open: string; readonly rest: Piece[] },
  ): { readonly tag: string; readonly print: Printer } {
    const [next] = rest;
    const close = typeof next === "string" ? (/^\}+/.exec(next)?.[0] ?? "") : "";
    if (close !== "") {
      const left = (next as string).slice(close.length);
      if (left === "") rest.shift();
      else rest[0] = left;
    }
    const isBraced = open + close !== "";
    const passed = this.#passed(hole);
    const { name } = this.#variable(
      isBraced
        ? {
            base: nameValue(hole.node),
            type: "string",
            source: `\`${open}\${${hole.source}}${close}\``,
            remark:
              "passed with the braces around it, since three in a row mean something else in a template",
          }
        : { base: nameValue(hole.node), ...passed },
      !this.#facts.hasEffects(hole.program, hole.node),
    );
    return { tag: `{{${name}}}`, print: (sample) => String(sample[name]) };
  }

  #passed(hole: Hole): Omit<ExtractedVariable, "name"> {
    if (hole instanceof GuardedHole) return { type: "string", source: hole.source, remark: null };
    const facts = this.#facts.of(hole.program, hole.node);
    for (const type of ["string", "number", "boolean"] as const) {
      if (isOnly(facts, type)) return { type, source: hole.source, remark: null };
    }
    const remark = facts.has("other")
      ? hole.program.language === "javascript"
        ? "JavaScript says no types, so values are passed as String(…), which is what the text had"
        : `the type of ${hole.source} is not known here, so it is passed as String(…), which is what the text had`
      : `${hole.source} may be ${[...facts].join(" or ")}, so it is passed as String(…), which is what the text had`;
    return { type: "string", source: `String(${hole.source})`, remark };
  }

  #writeChoice({ test, then, otherwise }: ChoicePiece): {
    readonly template: string;
    readonly print: Printer;
  } {
    const isBoolean = isOnly(this.#facts.of(test.program, test.node), "boolean");
    const { name } = this.#variable(
      {
        base: nameTest(test.node, isBoolean),
        type: "boolean",
        source: isBoolean ? test.source : `Boolean(${test.source})`,
        remark: null,
      },
      !this.#facts.hasEffects(test.program, test.node),
    );
    const yes = this.#writePieces(then.map((piece) => this.#guarded(piece, test, true)));
    const no = this.#writePieces(otherwise.map((piece) => this.#guarded(piece, test, false)));
    const [head, tail] =
      yes.template === "" ? [`{{#unless ${name}}}`, "{{/unless}}"] : [`{{#if ${name}}}`, "{{/if}}"];
    const inner =
      yes.template === ""
        ? no.template
        : no.template === ""
          ? yes.template
          : `${yes.template}{{else}}${no.template}`;
    return {
      template: head + inner + tail,
      print: (sample) => (sample[name] === true ? yes.print(sample) : no.print(sample)),
    };
  }

  /** A value of a branch is read only where the branch is taken. */
  #guarded(piece: Piece, test: Hole, when: boolean): Piece {
    if (typeof piece === "string" || piece.kind === "choice") return piece;
    const facts = this.#facts.of(piece.program, piece.node);
    const isSafe = piece.node.type === "Identifier" && facts.size === 1 && !facts.has("other");
    if (isSafe) return piece;
    const value = isOnly(facts, "string") ? piece.source : `String(${piece.source})`;
    const source = when ? `${asTest(test)} ? ${value} : ""` : `${asTest(test)} ? "" : ${value}`;
    return new GuardedHole(piece, source);
  }

  #variable(
    wanted: { readonly base: string } & Omit<ExtractedVariable, "name">,
    isRepeatable: boolean,
  ): ExtractedVariable {
    const { base, ...passed } = wanted;
    // A value that differs from one reading to the next is read as often as before.
    const known = isRepeatable
      ? this.#variables.find(({ source, type }) => source === passed.source && type === passed.type)
      : undefined;
    if (known !== undefined) return known;
    const variable = { name: uniqueName(base, this.#names), ...passed };
    this.#names.add(variable.name);
    this.#variables.push(variable);
    return variable;
  }

  /** Values that no text holds by chance, each condition both ways. */
  #samples(): readonly Sample[] {
    const plain = this.#variables.map(({ name, type }, index): readonly [string, string | number] => [
      name,
      type === "number" ? 7001 + index : `⟦${name}⟧`,
    ]);
    const booleans = this.#variables.flatMap(({ name, type }) => (type === "boolean" ? [name] : []));
    const settings = [
      booleans.map(() => true),
      booleans.map(() => false),
      ...booleans.map((_, one) => booleans.map((__, other) => other === one)),
    ];
    return settings.map((setting) => ({
      ...Object.fromEntries(plain),
      ...Object.fromEntries(booleans.map((name, index) => [name, setting[index] === true])),
    }));
  }
}

/** A value of a branch: a text either way, since the other branch reads it too. */
class GuardedHole implements Hole {
  readonly kind = "hole";
  readonly source: string;
  readonly node: Hole["node"];
  readonly program: Hole["program"];
  readonly given: Hole["given"];

  constructor(hole: Hole, source: string) {
    this.source = source;
    this.node = hole.node;
    this.program = hole.program;
    this.given = hole.given;
  }
}

/** Words as a template says them; before a tag, backslashes at their end need one more. */
function escaped(words: string, isBeforeTag: boolean): string {
  const text = words.replaceAll("{{", "\\{{");
  return isBeforeTag && text.endsWith("\\") ? `${text}\\` : text;
}

function rendersAs(body: Body, sample: Sample, wanted: readonly Message[]): boolean {
  try {
    // As a version holds it: with line ends of its own.
    const parts = typeof body === "string" ? { body } : { messages: body };
    const rendered = compileBody(buildText({ ...parts, model: "any" }).body).render(sample);
    return (
      rendered.length === wanted.length &&
      rendered.every(
        ({ role, content }, index) => role === wanted[index]?.role && content === wanted[index]?.content,
      )
    );
  } catch {
    // What the language cannot say is an error of its parser.
    return false;
  }
}

/** Reads a template in one walk: its tags, the variables that they name, and the partials that it includes. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import { explainClose, explainElse, explainTag, explainTurn } from "./explain-tag.ts";
import { readTag, type Tag } from "./read-tag.ts";
import { readVariable } from "./read-variable.ts";
import type { Place, Reading, Refuse } from "./reading.ts";
import { scanTemplate } from "./scan-template.ts";
import { type Scope, scopesOf } from "./scope.ts";
import { tagError } from "./tag-error.ts";
import type { ReadNode, TemplateNode } from "./template.ts";

/** Of blocks, with those around a partial, and of partials: deeper nesting is no prompt, and would exhaust the stack of the renderer. */
const DEEPEST = 100;
/** UTF-16 units of partials, each as often as it is included: some include each other twice over. */
const MOST_UNITS = 20_000_000;
/** What including one counts for besides. */
const UNITS_EACH = 2_000;

/** What is being read: the whole source, or a block that was not closed yet. */
interface Open {
  /** The part of it that is being read, and what is known there. */
  readonly nodes: TemplateNode[];
  readonly scope: Scope;
  readonly depth: number;
  /** Of a block: its tag, its node, what is known in its `{{else}}`, and what it stands in. */
  readonly tag?: string;
  readonly node?: ReadNode;
  readonly other?: Scope;
  readonly outer?: Open;
}

/**
 * Output is that of Handlebars without escaping, for every template accepted here, save one quirk of
 * Handlebars: it skips a level of `../` when an item of a list loosely equals (`==`) what is around it.
 *
 * @throws HarnessError `template-syntax` with line and column, `partial-missing` or `partial-cycle`.
 */
export function readTemplate(source: string, reading: Reading): TemplateNode[] {
  const { part } = reading;
  const all: TemplateNode[] = [];
  let { role } = reading;
  let open: Open = { nodes: all, scope: reading.scope, depth: reading.depth };
  for (const token of scanTemplate(source)) {
    const { at, text, indent } = token;
    const tag = token.tag ?? token.text.trim();
    const refuse: Refuse = (rest, code) => tagError({ tag, at, source, part }, rest, code);
    const { nodes, scope, node, outer, depth } = open;
    const place = { ...reading, ...open, at, indent, role, refuse };
    const said = text ? {} : readTag(tag);
    if (!said) throw refuse(words(() => explainTag(tag, open, source)));
    if (!role && !said.role && tag) throw refuse(words(() => explainTurn(said, open, part)));
    if (text) append(nodes, text);
    else if (said.path) {
      const read = readVariable(said, place, reading.scope);
      nodes.push(read);
      if (!said.block) continue;
      if (depth >= DEEPEST)
        throw refuse(words(() => `is not supported: blocks nest at most ${DEEPEST} deep`));
      open = { ...scopesOf(read, scope), nodes: read.body, node: read, outer: open, depth: depth + 1, tag };
    } else if (said.ref) {
      for (const read of readPartial(said, place)) append(nodes, read);
    } else if (said.close) {
      if (!outer || node?.kind !== said.close) throw refuse(words(() => explainClose(open, source)));
      open = outer;
    } else if (said.word === "else") {
      if (!node || nodes === node.otherwise) throw refuse(words(() => explainElse(open, source)));
      open = { ...open, nodes: node.otherwise, scope: open.other ?? scope };
    } else {
      const isSecond = said.word && all.some((one) => typeof one !== "string" && one.kind === said.word);
      if (outer || part || isSecond) throw refuse(words(() => explainTurn(said, open, part)));
      role = said.role === "model" ? "assistant" : said.role;
      nodes.push(role ? { kind: "role", role, at } : { kind: "history", role: "history", at });
    }
  }
  const { tag = "", node } = open;
  if (node)
    throw tagError(
      { tag, at: node.at, source, part },
      say`is never closed: write {{/${words(() => node.kind)}}}`,
    );
  return all;
}

/** Adds to a list in which neighbouring texts are one. */
function append(nodes: TemplateNode[], node: TemplateNode): void {
  const last = nodes.at(-1);
  if (typeof node === "string" && typeof last === "string") nodes[nodes.length - 1] = last + node;
  else nodes.push(node);
}

function readPartial(tag: Tag, place: Place): TemplateNode[] {
  const { ref = "", name = "", version } = tag;
  const { at, indent = "", inside, partials, count, scope, refuse } = place;
  const partial = { name, version: version ? Number(version) : null, ref };
  const standing = (body: TemplateNode[]): TemplateNode[] => [
    { kind: "partial", at, partial, indent, body, otherwise: [] },
  ];
  if (inside.includes(ref)) {
    const way = words(() => [...inside.slice(inside.indexOf(ref)), ref].join(" → "));
    throw new HarnessError("partial-cycle", say`Partial ${ref} includes itself: ${way}; break the circle.`, {
      details: { ref },
    });
  }
  const source = typeof partials === "function" ? partials(partial) : partials?.get(ref);
  if (source === undefined) {
    if (scope.uses) return standing([]);
    throw refuse(say`is not there: add a partial of that name or correct it`, "partial-missing");
  }
  if (typeof source !== "string") {
    throw refuse(say`is not supported: that partial is a list of messages, and only a text can be included`);
  }
  count.units += source.length + UNITS_EACH;
  if (inside.length >= DEEPEST || count.units > MOST_UNITS) {
    throw refuse(
      words(
        () =>
          `is not supported: partials nest at most ${DEEPEST} deep, and those of a body come to at most ${MOST_UNITS} characters, each counted with ${UNITS_EACH} more`,
      ),
    );
  }
  const body = readTemplate(source, { ...place, part: { partial: ref }, inside: [...inside, ref] });
  return indent === "" ? body : standing(body);
}

/** A text as reviews look at it: its parts by role, with what they say, what they read and where that stands. */
import {
  type Body,
  HarnessError,
  parseTemplate,
  type Role,
  scanTemplate,
  type TemplateNode,
  type VersionText,
} from "@colophon/kernel";
import type { PromptMetadata } from "../prompt-metadata.ts";

/** A text that a case of the prompt's eval set holds, which no body may copy. */
export interface ReviewedCase {
  readonly id: string;
  readonly split: "dev" | "test";
  readonly texts: readonly string[];
}

export interface ReviewSubject {
  readonly key: string;
  readonly text: VersionText;
  /** By reference as it is written; those that are not there are not looked at. */
  readonly partials: ReadonlyMap<string, VersionText>;
  readonly metadata: PromptMetadata;
  /** Null where no eval set is known. */
  readonly cases: readonly ReviewedCase[] | null;
}

/** A variable where it is written. */
export interface VariableRead {
  /** Its first name: what the contract calls it. */
  readonly variable: string;
  /** Such as `ticket.body` or `items[].name`. */
  readonly path: string;
  readonly kind: "value" | "json";
  readonly offset: number;
}

/** A partial where it is written. */
export interface PartialRead {
  readonly ref: string;
  /** Null for one that is not pinned. */
  readonly version: number | null;
  readonly offset: number;
}

/** A message, or the piece of one that a partial makes. */
export interface TextPart {
  readonly role: Role;
  /** Null for the body itself. */
  readonly locale: string | null;
  /** The partial that it is written in; null for the body itself. */
  readonly partial: string | null;
  readonly source: string;
  /** As long as `source`, each tag replaced by as many `TAG_MARK`s. */
  readonly words: string;
  /** Whether what stands at the offset is always there: inside a block it is only there at times. */
  isAlways(offset: number): boolean;
  readonly reads: readonly VariableRead[];
  readonly includes: readonly PartialRead[];
  /** In words, such as `system message, line 3`. */
  placeOf(offset: number): string;
}

export interface ReviewedText extends ReviewSubject {
  /** In the order of the messages, the body's before those of translations. */
  readonly parts: readonly TextPart[];
}

/** Stands for each character of a tag; no letter, so that no word crosses one. */
export const TAG_MARK = "\uFFFC";

/**
 * @throws HarnessError `template-syntax`; `too-large` for partials that are too many.
 */
export function reviewedText(subject: ReviewSubject): ReviewedText {
  const { body, locales = {} } = subject.text;
  const bodies: readonly (readonly [string | null, Body])[] = [[null, body], ...Object.entries(locales)];
  const looked = { ids: new Set<string>(), units: 0 };
  const parts = bodies.flatMap(([locale, one]) => partsOfBody(one, { locale, looked, subject }));
  return { ...subject, parts };
}

interface Source {
  readonly source: string;
  /** Of what stands before its first role. */
  readonly role: Role;
  readonly locale: string | null;
  readonly partial: string | null;
  /** Partials around it, so that a circle ends. */
  readonly opened: readonly string[];
  /** What people call the message; null for a text that marks its roles itself. */
  readonly message: string | null;
  readonly partials: ReviewSubject["partials"];
  readonly looked: LookedPartials;
}

/** Partials that were looked at, each with its role and locale: those that include each other grow without bounds. */
interface LookedPartials {
  readonly ids: Set<string>;
  /** UTF-16 units of them all. */
  units: number;
}

interface BodyPlace {
  readonly locale: string | null;
  readonly looked: LookedPartials;
  readonly subject: ReviewSubject;
}

function partsOfBody(body: Body, { locale, looked, subject }: BodyPlace): readonly TextPart[] {
  const about = { locale, partial: null, opened: [], partials: subject.partials, looked };
  if (typeof body === "string") return partsOf({ ...about, source: body, role: "user", message: null });
  const roles = body.map((part) => (part === "history" ? null : part.role));
  return body.flatMap((part, at) => {
    if (part === "history") return [];
    const { role, content: source } = part;
    const alone = roles.filter((one) => one === role).length === 1;
    const message = alone ? `${role} message` : `message ${at + 1} (${role})`;
    return partsOf({ ...about, source, role, message });
  });
}

/** Each message of a source, and after it what its partials add to it. */
function partsOf(of: Source): readonly TextPart[] {
  const { source, locale, partial } = of;
  const { nodes } = parseTemplate(source);
  const lines = lineStarts(source);
  const tags = tagsOf(source);
  const words = maskTags(source, tags);
  const blocks = blocksOf(tags);
  const blockStarts = blocks.map((block) => block.from);
  const reads = readsOf(nodes);
  const allIncluded = partialsIn(nodes);
  const roles = rolesOf(nodes, tags);
  const cuts = [{ role: of.role, from: 0, start: 0 }, ...roles];
  return cuts.flatMap(({ role, from }, at) => {
    const to = cuts[at + 1]?.start ?? source.length;
    const text = source.slice(from, to);
    const within = ({ offset }: { readonly offset: number }): boolean => offset >= from && offset < to;
    const included = allIncluded.filter(within);
    const part: TextPart = {
      role,
      locale,
      partial,
      source: text,
      words: words.slice(from, to),
      isAlways: (offset) => {
        const block = blocks[lastUpTo(blockStarts, from + offset)];
        return block === undefined || from + offset >= block.to;
      },
      includes: included.map((one) => ({ ...one, offset: one.offset - from })),
      reads: reads.filter(within).map((read) => ({ ...read, offset: read.offset - from })),
      placeOf: (offset) => placeWords({ ...of, role }, roles.length > 0, lastUpTo(lines, from + offset) + 1),
    };
    const others = included.flatMap(({ ref }) => partsOfPartial(ref, { ...of, role }));
    return text.trim() === "" ? others : [part, ...others];
  });
}

/** As deep as partials may nest. */
const DEEPEST = 100;

/** Of all partials and their translations; no prompt comes near it. */
const MOST_UNITS = 2_000_000;

function tooMuch(ref: string): HarnessError {
  return new HarnessError(
    "too-large",
    `The partials of the text come to more than ${MOST_UNITS} characters at {{> ${ref}}}, too many to review: shorten them.`,
  );
}

/** A call's locale picks the partial's translation, whether the text around it has one or not: all of them are read. */
function partsOfPartial(ref: string, of: Source): readonly TextPart[] {
  const { opened, looked, role } = of;
  const partial = of.partials.get(ref);
  if (partial === undefined || opened.length >= DEEPEST || opened.includes(ref)) return [];
  const bodies: readonly (readonly [string | null, Body])[] = [
    [null, partial.body],
    ...Object.entries(partial.locales ?? {}),
  ];
  return bodies.flatMap(([own, source]) => {
    const id = JSON.stringify([role, ref, own]);
    if (typeof source !== "string" || looked.ids.has(id)) return [];
    looked.ids.add(id);
    looked.units += source.length;
    if (looked.units > MOST_UNITS) throw tooMuch(ref);
    const locale = own ?? of.locale;
    return partsOf({ ...of, source, locale, partial: ref, opened: [...opened, ref] });
  });
}

function placeWords({ message, role, partial, locale }: Source, marksRoles: boolean, line: number): string {
  const own = message ?? (marksRoles ? `${role} message` : "body");
  const where = partial === null ? `${own}, line ${line}` : `partial ${partial}, line ${line}`;
  return locale === null ? where : `${where}, locale ${locale}`;
}

interface TagAt {
  readonly from: number;
  readonly to: number;
  /** What stands between the braces, without blanks around it. */
  readonly inner: string;
}

function tagsOf(source: string): readonly TagAt[] {
  return [...scanTemplate(source)].flatMap((token) => {
    const { at, tag } = token;
    return tag === undefined ? [] : [{ from: at, to: at + tag.length, inner: tag.slice(2, -2).trim() }];
  });
}

function maskTags(source: string, tags: readonly TagAt[]): string {
  let masked = "";
  let end = 0;
  for (const { from, to } of tags) {
    masked += source.slice(end, from) + TAG_MARK.repeat(to - from);
    end = to;
  }
  return masked + source.slice(end);
}

/** From each opening tag of an outermost block to the end of its closing one. */
function blocksOf(tags: readonly TagAt[]): readonly { readonly from: number; readonly to: number }[] {
  const blocks: { readonly from: number; readonly to: number }[] = [];
  let depth = 0;
  let from = 0;
  for (const tag of tags) {
    if (tag.inner.startsWith("#") && depth++ === 0) from = tag.from;
    if (tag.inner.startsWith("/") && --depth === 0) blocks.push({ from, to: tag.to });
  }
  return blocks;
}

/** The offset that each line begins at. */
function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Where the last of growing numbers stands that is no larger; -1 for none. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function rolesOf(nodes: readonly TemplateNode[], tags: readonly TagAt[]) {
  // Roles stand outside of blocks, so the tags that name one are those nodes in their order.
  const written = tags.filter(({ inner }) => /^role\s/.test(inner));
  return nodes
    .flatMap((node) => (typeof node !== "string" && node.kind === "role" ? [node.role] : []))
    .flatMap((role, at) => {
      const tag = written[at];
      return tag === undefined ? [] : [{ role, start: tag.from, from: tag.to }];
    });
}

function partialsIn(nodes: readonly TemplateNode[]): readonly PartialRead[] {
  return nodes.flatMap((node) => {
    if (typeof node === "string" || !("body" in node)) return [];
    if (node.kind !== "partial") return partialsIn([...node.body, ...node.otherwise]);
    const { ref, version } = node.partial;
    return [{ ref, version, offset: node.at }];
  });
}

function readsOf(nodes: readonly TemplateNode[]): readonly VariableRead[] {
  return nodes.flatMap((node): readonly VariableRead[] => {
    if (typeof node === "string" || !("path" in node)) return [];
    const { kind, path, loop, at } = node;
    if (kind !== "value" && kind !== "json") return readsOf([...node.body, ...node.otherwise]);
    const variable = path.split(/[.[]/)[0] ?? "";
    return variable === "" || loop ? [] : [{ variable, path, kind, offset: at }];
  });
}

/** Turns a parsed template into ops: inlines its partials and traces every path to its variable. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import type { Body } from "./body.ts";
import { flattenString } from "./flatten-string.ts";
import { indentLines } from "./indent-pieces.ts";
import { locateErrors } from "./locate-errors.ts";
import type { Role } from "./message.ts";
import { noteUse, type Uses } from "./note-use.ts";
import { parseTemplate } from "./parse-template.ts";
import { pushJoined } from "./push-joined.ts";
import { refuseMedia } from "./refuse-media.ts";
import { spot, type TagSite, unsupportedError } from "./tag-error.ts";
import type { BlockName, PartialRef, Template, TemplateNode, TemplatePath } from "./template.ts";
import type { ReadOp, TemplateOp } from "./template-op.ts";

// Partials that include each other twice over grow without bounds; no prompt comes near these.
const DEEPEST = 100;
const MOST_PARTIALS = 10_000;
/** UTF-16 units of partials, each as often as it is included and indented. */
const MOST_UNITS = 20_000_000;

/** Where partials come from: by the reference as it is written, `name` or `name@vN`. */
export type PartialSource = ReadonlyMap<string, Body> | ((ref: PartialRef) => string | undefined);

export interface LinkOptions {
  readonly partials?: PartialSource | undefined;
  readonly untrusted?: readonly string[];
  /** Where media are in the variables: `photo`, `pages[]`. */
  readonly media?: ReadonlySet<string> | undefined;
  /** Who speaks where the template begins; the user when left out. */
  readonly role?: Role | undefined;
  /**
   * Read a text by itself, as when it is a partial, to find what it uses: partials that are not at hand
   * are passed over, and what only its surroundings can tell is not asked.
   */
  readonly alone?: Uses;
}

/** What `this` is: the variables (path ""), or an item of a list; and what is known of the variables here. */
interface Scope {
  readonly path: string;
  readonly outer: Scope | undefined;
  /** Paths that an `{{#if}}` or `{{#each}}` around has found to hold. */
  readonly proven: readonly string[];
}

interface Linker {
  readonly options: LinkOptions;
  readonly parsed: Map<string, Template>;
  /** References of the partials being inlined, outermost first. */
  readonly inside: readonly string[];
  readonly count: { partials: number; units: number };
  /** Who speaks at the node that is being linked. */
  readonly speaking: { role: Role };
}

/** @throws HarnessError `partial-missing`, `partial-cycle`, and the errors of `parseTemplate` for partials. */
export function linkTemplate(template: Template, options: LinkOptions): readonly TemplateOp[] {
  const linker: Linker = {
    options,
    parsed: new Map(),
    inside: [],
    count: { partials: 0, units: 0 },
    speaking: { role: options.role ?? "user" },
  };
  return settled(linkNodes(template.nodes, { path: "", outer: undefined, proven: [] }, linker));
}

/** A list to which no more is joined: its texts are rendered again and again. */
function settled(ops: readonly TemplateOp[]): readonly TemplateOp[] {
  return ops.map((op) => (op.kind === "text" ? { kind: "text", text: flattenString(op.text) } : op));
}

function linkNodes(nodes: readonly TemplateNode[], scope: Scope, linker: Linker): readonly TemplateOp[] {
  const ops: TemplateOp[] = [];
  for (const node of nodes) for (const op of linkNode(node, scope, linker)) pushJoined(ops, op);
  return ops;
}

function linkNode(node: TemplateNode, scope: Scope, linker: Linker): readonly TemplateOp[] {
  if (node.kind === "text") return [node];
  if (node.kind === "partial") return linkPartial(node, scope, linker);
  if (!("path" in node)) {
    if (linker.inside.length > 0) {
      throw unsupportedError(
        { tag: `{{${node.kind}}}`, at: node.at },
        say`roles and history belong to the body, not to a partial`,
      );
    }
    linker.speaking.role = node.kind === "role" ? node.role : "user";
    return [node];
  }
  const read = linkPath(node, scope, linker);
  if (!read) return [];
  const { kind } = node;
  const { path } = read;
  const { media, alone } = linker.options;
  if (alone && read.from === "frame") noteUse(alone, { ...scope, kind, path });
  if (kind === "json") return [{ kind, read }];
  if (kind === "value") return [{ kind: media?.has(path) ? "media" : kind, read }];
  const holds = whereHolds(kind, path, scope);
  const [within, without] = kind === "unless" ? [scope, holds] : [holds, scope];
  const body = settled(linkNodes(node.body, within, linker));
  return [{ kind, read, body, otherwise: settled(linkNodes(node.otherwise, without, linker)) }];
}

/** What is known inside the part of a block that stands for "it holds". */
function whereHolds(kind: BlockName, path: string, scope: Scope): Scope {
  if (kind !== "each") return { ...scope, proven: [...scope.proven, path] };
  const items = `${path}[]`;
  // Other items now: what was known of one of this list says nothing of these.
  const proven = scope.proven.filter((guard) => !guard.startsWith(items));
  return { path: items, outer: scope, proven: [...proven, path] };
}

/** Undefined only where a text is read alone and what it reads depends on its surroundings. */
function linkPath({ kind, path, at }: PathNode, scope: Scope, linker: Linker): ReadOp | undefined {
  const { alone, media, untrusted } = linker.options;
  const site = { tag: `{{${path.text}}}`, at };
  if (path.from === "loop") {
    if (!scope.outer && !alone)
      throw unsupportedError(site, say`it counts the items of an {{#each}}, and none is around it`);
    return { from: "loop", name: path.name, path: path.text, fenced: false };
  }
  const { up, segments } = path;
  let around = scope;
  for (let level = 0; level < up && around.outer; level += 1) around = around.outer;
  const whole = [around.path, ...segments].filter((step) => step !== "").join(".");
  if (whole === "") {
    if (alone) return undefined;
    throw unsupportedError(site, say`it is all variables at once; name one of them`);
  }
  const variable = whole.split(/[.[]/)[0] as string;
  const fenced = untrusted?.includes(variable) === true;
  if (media) refuseMedia({ kind, path: whole, variable, fenced, role: linker.speaking.role }, media, site);
  return { from: "frame", up, segments, path: whole, variable, fenced };
}

type PathNode = Extract<TemplateNode, { readonly path: TemplatePath }>;
type PartialNode = Extract<TemplateNode, { readonly kind: "partial" }>;

function linkPartial(node: PartialNode, scope: Scope, linker: Linker): readonly TemplateOp[] {
  const { indent, partial, at } = node;
  const { ref } = partial;
  const { inside, parsed, count } = linker;
  const site = { tag: `{{> ${ref}}}`, at };
  const addUnits = (units: number): void => {
    count.units += units;
    if (count.units > MOST_UNITS)
      throw unsupportedError(
        site,
        words(() => `the partials of a body come to at most ${MOST_UNITS} characters`),
      );
  };
  if (inside.includes(ref)) {
    const way = words(() => [...inside.slice(inside.indexOf(ref)), ref].join(" → "));
    throw new HarnessError("partial-cycle", say`Partial ${ref} includes itself: ${way}; break the circle.`, {
      details: { ref },
    });
  }
  if (inside.length >= DEEPEST || count.partials >= MOST_PARTIALS) {
    throw unsupportedError(
      site,
      words(
        () => `partials nest at most ${DEEPEST} deep, and a body includes at most ${MOST_PARTIALS} in all`,
      ),
    );
  }
  const source = findPartial(partial, site, linker.options);
  if (source === undefined) return [];
  count.partials += 1;
  addUnits(source.length);
  const body = locateErrors({ partial: ref }, () => {
    const template = parsed.get(ref) ?? parseTemplate(source);
    parsed.set(ref, template);
    return linkNodes(template.nodes, scope, { ...linker, inside: [...inside, ref] });
  });
  const [only, ...more] = body;
  if (indent === "" || !only) return body;
  // Values are indented too, line by line, so only pure text can be settled now.
  if (more.length > 0 || only.kind !== "text") return [{ kind: "indent", indent, body: settled(body) }];
  addUnits(only.text.length * indent.length);
  return [{ kind: "text", text: indentLines(only.text, indent) }];
}

function findPartial(
  partial: PartialRef,
  site: TagSite,
  { partials, alone }: LinkOptions,
): string | undefined {
  const body = typeof partials === "function" ? partials(partial) : partials?.get(partial.ref);
  if (typeof body === "string") return body;
  if (body) {
    throw unsupportedError(site, say`that partial is a list of messages, and only a text can be included`);
  }
  if (alone) return undefined;
  throw new HarnessError(
    "partial-missing",
    say`${site.tag} at ${spot(site.at)} is not there: add a partial of that name or correct it.`,
    { details: { ref: partial.ref, ...site.at } },
  );
}

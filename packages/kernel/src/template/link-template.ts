/** Turns a parsed template into ops: inlines its partials and traces every path to its variable. */
import { HarnessError } from "../errors.ts";
import { say } from "../say.ts";
import type { Body } from "./body.ts";
import { indentLines } from "./indent-pieces.ts";
import { locateErrors } from "./locate-errors.ts";
import type { Role } from "./message.ts";
import { parseTemplate } from "./parse-template.ts";
import { pushJoined } from "./push-joined.ts";
import { refuseMedia } from "./refuse-media.ts";
import { spot, unsupportedError } from "./tag-error.ts";
import type { BlockName, PartialRef, Position, Template, TemplateNode, TemplatePath } from "./template.ts";
import type { ReadOp, TemplateOp } from "./template-op.ts";

// Partials that include each other twice over grow without bounds; no prompt comes near these.
const DEEPEST = 100;
const MOST_PARTIALS = 10_000;
/** UTF-16 units of partials, each as often as it is included and indented. */
const MOST_UNITS = 20_000_000;

/** Where partials come from: by the reference as it is written, `name` or `name@vN`. */
export type PartialSource = ReadonlyMap<string, Body> | ((ref: PartialRef) => string | undefined);

export interface LinkOptions {
  readonly partials?: PartialSource;
  readonly untrusted?: readonly string[];
  /** Where media are in the variables: `photo`, `pages[]`. */
  readonly media?: ReadonlySet<string>;
  /** Who speaks where the template begins; the user when left out. */
  readonly role?: Role;
  /**
   * Read a text by itself, as when it is a partial: partials that are not at hand are passed over,
   * and what only its surroundings can tell is not asked.
   */
  readonly alone?: boolean;
}

/** What `this` is: the variables (path ""), or an item of a list. */
interface Scope {
  readonly path: string;
  readonly outer: Scope | undefined;
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
  return linkNodes(
    template.nodes,
    { path: "", outer: undefined },
    {
      options,
      parsed: new Map(),
      inside: [],
      count: { partials: 0, units: 0 },
      speaking: { role: options.role ?? "user" },
    },
  );
}

function linkNodes(nodes: readonly TemplateNode[], scope: Scope, linker: Linker): readonly TemplateOp[] {
  const ops: TemplateOp[] = [];
  for (const node of nodes) for (const op of linkNode(node, scope, linker)) pushJoined(ops, op);
  return ops;
}

function linkNode(node: TemplateNode, scope: Scope, linker: Linker): readonly TemplateOp[] {
  switch (node.kind) {
    case "text":
      return [node];
    case "value":
    case "json": {
      const read = linkPath(node, scope, linker);
      if (read === undefined) return [];
      const medium = node.kind === "value" && linker.options.media?.has(read.path) === true;
      return [{ kind: medium ? "media" : node.kind, read }];
    }
    case "if":
    case "unless":
    case "each": {
      const read = linkPath(node, scope, linker);
      if (read === undefined) return [];
      const within = node.kind === "each" ? { path: `${read.path}[]`, outer: scope } : scope;
      const body = linkNodes(node.body, within, linker);
      const otherwise = linkNodes(node.otherwise, scope, linker);
      return [{ kind: node.kind, read, body, otherwise }];
    }
    case "partial":
      return linkPartial(node, scope, linker);
    case "role":
    case "history":
      if (linker.inside.length > 0) {
        throw unsupportedError(
          { tag: `{{${node.kind}}}`, at: node.at },
          say`roles and history belong to the body, not to a partial`,
        );
      }
      linker.speaking.role = node.kind === "role" ? node.role : "user";
      return [node];
  }
}

interface PathNode {
  readonly kind: BlockName | "value" | "json";
  readonly path: TemplatePath;
  readonly at: Position;
}

/** Undefined only where a text is read alone and what it reads depends on its surroundings. */
function linkPath(node: PathNode, scope: Scope, linker: Linker): ReadOp | undefined {
  const { path, at } = node;
  const { alone = false, media, untrusted = [] } = linker.options;
  const site = { tag: `{{${path.text}}}`, at };
  if (path.from === "loop") {
    if (scope.path === "" && !alone)
      throw unsupportedError(site, say`it counts the items of an {{#each}}, and none is around it`);
    return { from: "loop", name: path.name, path: path.text, fenced: false };
  }
  const { up, segments } = path;
  let around = scope;
  for (let level = 0; level < up && around.outer !== undefined; level += 1) around = around.outer;
  const whole = [around.path, ...segments].filter((step) => step !== "").join(".");
  if (whole === "") {
    if (alone) return undefined;
    throw unsupportedError(site, say`it is all variables at once; name one of them`);
  }
  const variable = /^[^.[]+/.exec(whole)?.[0] ?? whole;
  const fenced = untrusted.includes(variable);
  if (media !== undefined) {
    const use = { kind: node.kind, path: whole, variable, fenced, role: linker.speaking.role };
    refuseMedia(use, media, site);
  }
  return { from: "frame", up, segments, path: whole, variable, fenced };
}

type PartialNode = TemplateNode & { readonly kind: "partial" };

function linkPartial(node: PartialNode, scope: Scope, linker: Linker): readonly TemplateOp[] {
  const { indent } = node;
  const { ref } = node.partial;
  checkNesting(node, linker);
  const source = findPartial(node, linker.options);
  if (source === undefined) return [];
  linker.count.partials += 1;
  addUnits(source.length, node, linker);
  const inside = { ...linker, inside: [...linker.inside, ref] };
  const body = locateErrors({ partial: ref }, () => linkNodes(parseOnce(ref, source, linker), scope, inside));
  if (indent === "" || body.length === 0) return body;
  const [only] = body;
  // Values are indented too, line by line, so only pure text can be settled now.
  const settled = body.length === 1 && only?.kind === "text";
  if (settled) addUnits(only.text.length * indent.length, node, linker);
  return [
    settled ? { kind: "text", text: indentLines(only.text, indent) } : { kind: "indent", indent, body },
  ];
}

function addUnits(units: number, { partial, at }: PartialNode, { count }: Linker): void {
  count.units += units;
  if (count.units <= MOST_UNITS) return;
  const bound = say`the partials of a body come to at most ${MOST_UNITS} characters`;
  throw unsupportedError({ tag: `{{> ${partial.ref}}}`, at }, bound);
}

function parseOnce(ref: string, source: string, { parsed }: Linker): readonly TemplateNode[] {
  const template = parsed.get(ref) ?? parseTemplate(source);
  parsed.set(ref, template);
  return template.nodes;
}

function checkNesting({ partial, at }: PartialNode, { inside, count }: Linker): void {
  const { ref } = partial;
  if (inside.includes(ref)) {
    const way = [...inside.slice(inside.indexOf(ref)), ref].join(" → ");
    throw new HarnessError("partial-cycle", say`Partial ${ref} includes itself: ${way}; break the circle.`, {
      details: { ref },
    });
  }
  if (inside.length >= DEEPEST || count.partials >= MOST_PARTIALS) {
    const bounds = say`partials nest at most ${DEEPEST} deep, and a body includes at most ${MOST_PARTIALS} in all`;
    throw unsupportedError({ tag: `{{> ${ref}}}`, at }, bounds);
  }
}

function findPartial(node: PartialNode, options: LinkOptions): string | undefined {
  const { partial, at } = node;
  const { partials } = options;
  const body = typeof partials === "function" ? partials(partial) : partials?.get(partial.ref);
  if (typeof body === "string") return body;
  const tag = `{{> ${partial.ref}}}`;
  if (body !== undefined) {
    throw unsupportedError(
      { tag, at },
      say`that partial is a list of messages, and only a text can be included`,
    );
  }
  if (options.alone === true) return undefined;
  throw new HarnessError(
    "partial-missing",
    say`${tag} at ${spot(at)} is not there: add a partial of that name or correct it.`,
    { details: { ref: partial.ref, ...at } },
  );
}

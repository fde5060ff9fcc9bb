/** Which variables a template reads, and whether it can do without them. */
import type { Body } from "./body.ts";
import { linkTemplate, type PartialSource } from "./link-template.ts";
import { type BodyPart, readBody } from "./read-body.ts";
import type { Template } from "./template.ts";
import type { BlockOp, ReadOp, TemplateOp } from "./template-op.ts";

/** One path from the variables down; `items[].name` is a field of the items of a list. */
export interface VariableUse {
  readonly path: string;
  /** Only asked for by if, unless or each, or read where an `{{#if}}` of it or of what it belongs to holds. */
  readonly guarded: boolean;
  /** Wherever it must be there, `json` writes it: then null will do. */
  readonly json?: true;
  /** Only read inside an `{{#each}}`, so not at all when that list is empty. */
  readonly within?: "each";
}

export interface TemplateVariablesOptions {
  /** With these, variables that partials read count too; a partial that is not among them is passed over. */
  readonly partials?: PartialSource;
  /** Where media are in the variables: `photo`, `pages[]`; a tag that asks more of one than it can is refused. */
  readonly media?: ReadonlySet<string>;
}

interface Surroundings {
  /** Paths known to hold here. */
  readonly proven: readonly string[];
  readonly inEach: boolean;
}

interface Use {
  readonly guarded: boolean;
  readonly nullable: boolean;
  readonly inEach: boolean;
}

type Uses = Map<string, Use>;

/**
 * In order of first appearance, each path once.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`.
 */
export function templateVariables(
  source: Template | Body,
  options: TemplateVariablesOptions = {},
): readonly VariableUse[] {
  const uses: Uses = new Map();
  for (const { template, role } of partsOf(source)) {
    const ops = linkTemplate(template, { ...options, role, alone: true });
    collect(ops, { proven: [], inEach: false }, uses);
  }
  return Object.freeze(
    Array.from(uses, ([path, { guarded, nullable, inEach }]) =>
      Object.freeze({
        path,
        guarded,
        ...(nullable && !guarded ? { json: true as const } : {}),
        ...(inEach ? { within: "each" as const } : {}),
      }),
    ),
  );
}

/** The templates of a body, or the one given. */
export function templatesOf(source: Template | Body): readonly Template[] {
  return partsOf(source).map((part) => part.template);
}

function partsOf(source: Template | Body): readonly Pick<BodyPart, "template" | "role">[] {
  if (typeof source !== "string" && "kind" in source) return [{ template: source, role: undefined }];
  return readBody(source).filter((part) => part !== "history");
}

function note(read: ReadOp, use: Use, uses: Uses): void {
  if (read.from === "loop") return;
  const known = uses.get(read.path);
  const merged =
    known === undefined
      ? use
      : {
          guarded: known.guarded && use.guarded,
          nullable: known.nullable && use.nullable,
          inEach: known.inEach && use.inEach,
        };
  uses.set(read.path, merged);
}

/** A list that holds something says nothing of its items' fields, so `[]` ends what a guard covers. */
function isProven(path: string, proven: readonly string[]): boolean {
  return proven.some(
    (guard) => path === guard || (path.startsWith(`${guard}.`) && !path.slice(guard.length).includes("[]")),
  );
}

/** What is known inside the part of a block that stands for "it holds". */
function whenHolds(op: BlockOp, around: Surroundings): Surroundings {
  const { path } = op.read;
  if (op.kind !== "each") return { ...around, proven: [...around.proven, path] };
  // Other items now: what was known of one of this list says nothing of these.
  const proven = around.proven.filter((guard) => !guard.startsWith(`${path}[]`));
  return { proven: [...proven, path], inEach: true };
}

function collect(ops: readonly TemplateOp[], around: Surroundings, uses: Uses): void {
  const { inEach, proven } = around;
  for (const op of ops) {
    switch (op.kind) {
      case "value":
      case "media":
      case "json": {
        const guarded = isProven(op.read.path, proven);
        note(op.read, { guarded, nullable: guarded || op.kind === "json", inEach }, uses);
        break;
      }
      case "if":
      case "unless":
      case "each": {
        note(op.read, { guarded: true, nullable: true, inEach }, uses);
        const holds = whenHolds(op, around);
        collect(op.body, op.kind === "unless" ? around : holds, uses);
        collect(op.otherwise, op.kind === "unless" ? holds : around, uses);
        break;
      }
      case "indent":
        collect(op.body, around, uses);
        break;
      case "text":
      case "role":
      case "history":
        break;
    }
  }
}

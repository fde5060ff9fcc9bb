/** Says whether a file asks another for a name: by import or require, by passing it on, or by taking all of it. */
import type { Node } from "@babel/types";
import { isCommonJs } from "./common-exports.ts";
import { importedName, keyOf, nameOf, requiredModule } from "./imported-name.ts";
import { namePattern } from "./name-pattern.ts";
import { nodesOf, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

interface Asked {
  readonly file: string;
  /** As the file exports it; null asks whether anybody loads the file at all. */
  readonly name: string | null;
}

export function importsName(programs: ProgramSet, { file, name }: Asked): boolean {
  // Whoever takes all of it names the file, and whoever takes one thing its name.
  const stem = stemOf(file);
  const loading = stem === "index" ? ["import", "require"] : [stem];
  const pattern = namePattern(...(name === null ? [] : [name]), ...loading);
  const saying = programs.saying(pattern);
  if (programs.isSaidUnread(pattern)) return true;
  return saying.some((program) => program.file !== file && asks(programs, program, { file, name }));
}

function asks(programs: ProgramSet, program: Program, { file, name }: Asked): boolean {
  const leadsHere = (specifier: string): boolean => {
    const imported = programs.imported(program, specifier)?.file;
    // An alias that nobody has told of may lead here too.
    return imported === file || (imported === undefined && endsIn(specifier, file));
  };
  if (loadsByName(program, leadsHere)) return true;
  for (const binding of program.bindings) {
    const imported = importedName(program, binding);
    if (imported === undefined || !leadsHere(imported.specifier)) continue;
    if (name === null || imported.name === name) return true;
    if (imported.name !== "*" && imported.name !== "default") continue;
    if (binding.references.some((reference) => readsName(program, reference, name))) return true;
  }
  return program.root.program.body.some((statement) => {
    const { source } = statement as { readonly source?: { readonly value: string } | null };
    if (!source || !leadsHere(source.value)) return false;
    if (statement.type === "ExportAllDeclaration") return true;
    if (statement.type === "ImportDeclaration") return name === null;
    return (
      statement.type === "ExportNamedDeclaration" &&
      statement.specifiers.some(
        (one) => name === null || one.type !== "ExportSpecifier" || nameOf(one.local) === name,
      )
    );
  });
}

/** Whether what is read of a whole module may be this name: another member that is written out is not. */
function readsName(program: Program, reference: Node, name: string): boolean {
  const parent = program.parentOf(reference);
  if (parent?.type !== "MemberExpression" || parent.object !== reference || parent.computed) return true;
  return keyOf(parent.property) === name;
}

function stemOf(path: string): string {
  return (path.split("/").at(-1) ?? "").replace(/\.[cm]?[jt]sx?$/, "");
}

function endsIn(specifier: string, file: string): boolean {
  return specifier.includes("/") && stemOf(specifier) === stemOf(file);
}

/** `import("./prompts.ts")`, `require.resolve` and mocks, after which any name may be read; a `require` that is named is not. */
function loadsByName(program: Program, leadsHere: (specifier: string) => boolean): boolean {
  for (const node of nodesOf(program.root)) {
    const given =
      node.type === "ImportExpression"
        ? node.source
        : node.type === "CallExpression"
          ? node.arguments[0]
          : undefined;
    if (given?.type !== "StringLiteral" || !/^[.@~#/]/.test(given.value) || !leadsHere(given.value)) continue;
    if (node.type === "CallExpression" && requiredModule(node) !== undefined && isNamed(program, node))
      continue;
    return true;
  }
  return false;
}

/** Whether each name that a `require` gives is known: `const { SYSTEM } = require(…)`. */
function isNamed(program: Program, call: Node): boolean {
  const parent = program.parentOf(call);
  if (!isCommonJs(program) || parent?.type !== "VariableDeclarator") return false;
  if (parent.id.type === "Identifier") return true;
  return (
    parent.id.type === "ObjectPattern" &&
    parent.id.properties.every(
      (one) => one.type === "ObjectProperty" && !one.computed && one.value.type === "Identifier",
    )
  );
}

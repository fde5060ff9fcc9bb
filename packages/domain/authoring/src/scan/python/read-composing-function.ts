/** Functions that hand their argument on as it is, or make an object: `dedent(x)`, `str(x)`, `dict(a=1)`. */
import { seenThrough } from "../source/adjust-text.ts";
import { type Place, within } from "../source/place.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import { childNamed, type PythonReader, pathOf, readValue, spanOf } from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { argumentsOf, type WrittenArgument } from "./read-call.ts";
import { spread } from "./read-collection.ts";

/** What is seen through, by the path that it is called by, as it is told in `through`. */
const SEEN_THROUGH: ReadonlyMap<string, string> = new Map([
  ["textwrap.dedent", "textwrap.dedent"],
  ["dedent", "textwrap.dedent"],
  ["inspect.cleandoc", "inspect.cleandoc"],
  ["cleandoc", "inspect.cleandoc"],
  ["str", "str"],
  ["list", "list"],
  ["tuple", "tuple"],
  ["MappingProxyType", "MappingProxyType"],
  ["types.MappingProxyType", "MappingProxyType"],
  ["string.Template", "string.Template"],
]);

/** Whether `readComposingFunction` reads this call. */
export function isComposingFunction(reader: PythonReader, node: PythonNode): boolean {
  const path = pathOf(reader, node.children[0]!);
  if (path === null) return false;
  const given = argumentsOf(reader, childNamed(node, "ArgList"));
  if (path === "dict") return given.length > 0 && given.every(({ name }) => name !== null && name !== "*");
  const isOne = given.length === 1 && given[0]!.name === null && given[0]!.nodes.length === 1;
  return isOne ? throughName(reader, path) !== null : isCast(path) && given.length === 2;
}

/** The value that the call hands on, or the object that it makes. */
export function readComposingFunction(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  const path = pathOf(reader, node.children[0]!) ?? "";
  const given = argumentsOf(reader, childNamed(node, "ArgList"));
  if (path === "dict") {
    return {
      kind: "object",
      entries: given.map((entry) => readKeyword(reader, entry, place)),
      ...spanOf(node),
    };
  }
  if (isCast(path)) readValue(reader, given[0]!.value, within(place, { kind: "type" }));
  return seenThrough(
    reader.part(given.at(-1)!.value, place),
    throughName(reader, path) ?? "cast",
    spanOf(node),
  );
}

/** `Template` is the standard library's only where it is imported from there. */
function throughName({ draft }: PythonReader, path: string): string | null {
  if (path === "Template") {
    const known = draft.imports.find(({ local }) => local === path);
    return known?.module === "string" ? "string.Template" : null;
  }
  return SEEN_THROUGH.get(path) ?? null;
}

function isCast(path: string): boolean {
  return path === "cast" || path === "typing.cast";
}

function readKeyword(
  reader: PythonReader,
  { name, value, nodes }: WrittenArgument,
  place: Place,
): ObjectValue["entries"][number] {
  const span = { from: nodes[0]!.from, to: nodes.at(-1)!.to };
  if (name === null || name === "**")
    return { key: null, value: spread(readValue(reader, value, place), nodes), span };
  return { key: name, value: readValue(reader, value, within(place, { kind: "property", name })), span };
}

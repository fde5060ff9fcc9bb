/** Indents the output of a partial, as Handlebars does: every line but an empty last one. */
export function indentLines(text: string, indent: string): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  return lines.map((line, index) => (index === last && line === "" ? "" : indent + line)).join("\n");
}

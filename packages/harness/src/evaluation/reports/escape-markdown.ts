/** Makes any text safe to stand in a line or a cell of Markdown. */

/**
 * Ids and errors come from outside: none of them may format, link, mention or break a table.
 *
 * @example
 * console.log(`| ${escapeMarkdown("a | b")} |`);
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}

/** Statements such as `with (a as b, c as d):`, whose parentheses the grammar takes for a tuple. */

/** More than the items of one statement take. */
const MAX_ITEMS = 10_000;

const TEXT = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/.source;
const TEXT_OR_COMMENT = new RegExp(`${TEXT}|#.*`, "g");

/** The source with such parentheses, and the ends of lines between them, left blank. */
export function withoutWithParentheses(source: string): string {
  let text = "";
  let done = 0;
  for (const { index, 0: found } of source.matchAll(/^[ \t]*(?:async[ \t]+)?with[ \t]*\(/gm)) {
    const from = index + found.length - 1;
    const to = from < done ? null : endOfItems(source, from);
    if (to === null) continue;
    text += source.slice(done, from) + onOneLine(source.slice(from, to));
    done = to;
  }
  return text + source.slice(done);
}

/** Where the parenthesis that opens at `from` is closed, right before the colon; null where it parts nothing. */
function endOfItems(source: string, from: number): number | null {
  const token = new RegExp(`${TEXT}|#.*|\\bas\\b|[()]`, "g");
  token.lastIndex = from;
  let depth = 0;
  let hasNames = false;
  for (
    let found = token.exec(source);
    found !== null && found.index < from + MAX_ITEMS;
    found = token.exec(source)
  ) {
    if (found[0] === "(") depth += 1;
    if (found[0] === "as") hasNames ||= depth === 1;
    if (found[0] === ")") depth -= 1;
    if (depth === 0)
      return hasNames && /^[ \t]*:/.test(source.slice(token.lastIndex, token.lastIndex + 40))
        ? token.lastIndex
        : null;
  }
  return null;
}

/** Comments go too: on one line they would hide what follows. */
function onOneLine(items: string): string {
  const inside = items
    .slice(1, -1)
    .replace(TEXT_OR_COMMENT, (found) => (found.startsWith("#") ? blank(found) : found));
  return ` ${inside.replace(/\n/g, " ")} `;
}

function blank(text: string): string {
  return " ".repeat(text.length);
}

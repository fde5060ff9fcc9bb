/** Cuts a template into texts and tags, exactly where Handlebars cuts, whitespace of standalone tags taken out. */

/** A piece of a template, and where it begins in UTF-16 units: a text, or a tag. */
export type TemplateToken =
  | { readonly at: number; readonly text: string; readonly tag?: undefined; readonly indent?: undefined }
  | {
      readonly at: number;
      readonly text?: undefined;
      /** As it is written, whatever it says: to the end of the template if it is never closed. */
      readonly tag: string;
      /** The blanks that were taken out before it. */
      readonly indent: string;
    };

/**
 * Up to two backslashes and two braces, or a NUL, which no tag holds. Then nothing, if one backslash makes the braces
 * text; or a tag that takes its line with it, as a block, a partial or `else` does where nothing else stands there:
 * with the blanks before and what is left of the line after it; or a tag as any other. What looks behind begins at
 * the braces, so that each run of blanks is read once; nothing keeps a way back for each character of a tag, of which
 * a long one has more than the engine has room for.
 */
const FOUND =
  /(?:(\\{0,2})\{\{|\0)(?:(?<=(?:^|[^\\])\\\{\{)|(?<=(?:^|\n)(?:[^\S\n]*[^\S\n \t])?([ \t]*)\{\{)(?=((?:[#/>].*?|\s*else\s*)\}\}))\3\}?(?=[^\S\n]*(?:\n|$))(?=([ \t]*\r?\n?))|.*?(?:\}\}\}?|$))/gs;

export function* scanTemplate(source: string): Generator<TemplateToken, void, void> {
  let from = 0;
  function* text(end: number): Generator<TemplateToken> {
    if (end > from) yield { at: from, text: source.slice(from, end) };
  }
  for (const { 0: found, 1: backslashes = "", 2: indent = "", 4: after = "", index } of source.matchAll(
    FOUND,
  )) {
    const at = index + backslashes.length;
    // One backslash goes, and the braces begin the next text; of two one stays, before a real tag.
    yield* text(at - indent.length - Math.min(backslashes.length, 1));
    from = at;
    if (backslashes.length === 1) continue;
    const tag = found.slice(backslashes.length);
    from += tag.length + after.length;
    yield { at, tag, indent };
  }
  yield* text(source.length);
}

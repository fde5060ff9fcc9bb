/** Makes a text ready for phrases, and measures what kind of writing it is: prose, markup, a query, code or data. */
import { HTML_TAGS } from "./english-words.ts";
import type { FeatureFound, FeatureName } from "./feature-weights.ts";

/** How much of a text is read; what comes after hardly changes what it is. */
const MOST_READ = 12_000;

/** A text made ready for phrases. */
export interface TextForm {
  /** Lines without indentation, single spaces, straight quotes. */
  readonly said: string;
  /** Runs of letters outside placeholders; each sign of a script without spaces counts as half a word. */
  readonly words: number;
  readonly placeholders: number;
}

const PLACEHOLDER = /\{\{[^{}]*\}\}/g;
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
const WORD =
  /(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])\p{L}){2,}|\b[aiAI]\b/gu;

export function formOf(text: string): TextForm {
  const read = text.length > MOST_READ ? `${text.slice(0, MOST_READ - 2_000)}\n${text.slice(-2_000)}` : text;
  const said = read
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    // What is stressed is said all the same: `*Briefly* summarize`.
    .replaceAll(/(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,60}[^\s*:]|[^\s*:])\1(?![\w*])/g, "$2")
    .trim()
    // Fields that are filled elsewhere.
    .replaceAll(/(?<![{\w$\\])\{([A-Za-z_][\w.]*)\}(?!\})|\$\{(\w+)\}|%\((\w+)\)s/g, "{{$1$2$3}}");
  const prose = said.replaceAll(PLACEHOLDER, " ");
  const words = (prose.match(WORD)?.length ?? 0) + Math.floor((prose.match(SPACELESS)?.length ?? 0) / 2);
  return { said, words, placeholders: said.match(PLACEHOLDER)?.length ?? 0 };
}

const KINDS: readonly { readonly feature: FeatureName; readonly pattern: RegExp }[] = [
  {
    feature: "sql",
    pattern:
      /^(?:--[^\n]*\n|\(\s*)*(?:explain (?:analyze )?)?(?:select\s(?:[\s\S]*?\bfrom\b|[^.]*$)|insert (?:or \w+ )?into\s|update\s+\S+\s+set\s|delete from\s|create (?:or replace |unique |temp(?:orary)? |materialized )*(?:table|index|view|trigger|function|schema|extension|database|type|role|user)\b|alter (?:table|type|role)\s|drop (?:table|index|view|schema|trigger|database)\b|with (?:recursive )?"?\w+"?(?:\s*\([^)]*\))? as (?:not )?(?:materialized )?\(|merge into\s|replace into\s|truncate (?:table )?\w|begin(?: \w+)?;|pragma \w+|grant \w+|vacuum|where \w+ ?(?:=|in|is|like|<|>)|(?:left |right |inner |outer )?join \w+ (?:\w+ )?on |order by \w|group by \w|match ?\(\w*:?\w*\)|(?:return|unwind) [^.\n]{1,80} as \w+$|[^\n]{0,80}\blanguage '?plpgsql|copy \w+ )/i,
  },
  {
    feature: "graphql",
    pattern:
      /^(?:#[^\n]*\n)*(?:(?:query|mutation|subscription)(?:\s+\w+)?\s*(?:\([^)]*\))?\s*\{|fragment \w+ on \w+|(?:extend )?(?:type|input|interface|enum|schema|union|scalar) \w*[^.\n]{0,60}\{|\{\s*\w+\s*(?:\([^)]*\))?\s*\{)/i,
  },
  {
    feature: "markup",
    pattern: new RegExp(
      `^(?:\\{\\{[^{}]*\\}\\}\\s*)*(?:<!doctype|<\\?xml|<!--|<(?:${HTML_TAGS}|mj\\w+)(?:\\s[^>]*)?/?>|<svg|[.#@]?[\\w-]+(?:[ ,>.#:][\\w .,#>:()-]*)?\\{\\s*(?:--)?[a-z-]+\\s*:[^;{}]+;|@(?:media|import|keyframes|font-face|tailwind))`,
      "i",
    ),
  },
  {
    feature: "commands",
    pattern:
      /^(?:#!|set -[eux]+|(?:sudo |cd |npm |npx |pnpm |yarn |pip3? |python3? |node |docker |git |curl |apt(?:-get)? |brew |export |echo |mkdir |rm -|chmod |kubectl |terraform |ssh |aws |gcloud |make )\S+(?:[^.]*$|[^.]*\n)|from [\w./:-]+(?: as \w+)?\n+(?:run|workdir|copy|env|arg|label|user|add|expose)\b|version: ['"]?\d|apiversion: |---\n\w+:|name: [^\n]+\n(?:on|version|jobs|description|services):|\[[\w.-]+\]\n\w+ ?=|server \{|# syntax=|#compdef |#+[ -]*(?:begin|bash|zsh|fish|powershell)\b|services:\n)/i,
  },
  {
    // Marks of reStructuredText, of docstrings by convention, and of signatures at the top.
    feature: "manual",
    pattern:
      /\n(?:parameters|returns|raises|see also|notes|examples|attributes)\n-{3,}|\(`[^`\n]{1,60}`[^()\n]{0,60}\):|\[`~?[\w.]+`\]|<\/tip>|(?:^|\n)\.\. \w[\w-]*::|``\w|\n[=~^]{4,}\n|^[\w.]+\((?:\w|\*|\))[^)\n]*\)(?:[:\n]| ->)|^[\w.]+\([ \n]*\w+ ?=[^)]{0,600}\)\n/i,
  },
  {
    feature: "code",
    pattern:
      /^(?:import [\w{*"'][^.]*? from ["']|import (?:\w+, )?[\w.]+(?: as \w+)?\n|from [\w.]+ import |package \w+[;\n]|#include|using \w+;|"use (?:client|strict|server)"|(?:export )?(?:default )?(?:async )?function\b ?\w*\(|(?:export )?(?:const|let|var|type|interface|class|enum) \w+ ?[=:{<(]|def \w+\(|class \w+[(:{]|public |private |module\.exports|return |if \(|\/\*\*?|\/\/ |<%|\{[%#]|%PDF|-----BEGIN|data:\w+\/|[\w.+-]+@[\w-]+\.\w+$|https?:\/\/\S+$|\/[\w/{}:.-]+$|[A-Za-z]:\\)/,
  },
];

/** The kinds of writing that it is: a query, markup, code and the like. */
export function kindFeatures({ said, words }: TextForm): readonly FeatureFound[] {
  const kinds = new Map<FeatureName, number>();
  for (const { feature, pattern } of KINDS) if (pattern.test(said)) kinds.set(feature, 1);
  const prose = said.replaceAll(PLACEHOLDER, " ");
  const markup = markupShare(said, words);
  if (!kinds.has("markup") && markup > 0.25) kinds.set("markup", Math.min(1, markup * 1.6));
  const code = codeShare(prose);
  // What begins and goes on as a module is code, whatever its texts say.
  if (kinds.has("code")) kinds.set("code", code > 0.3 && /^import /.test(said) ? 2 : 1);
  else {
    if (/(?:^|\n)>>> /.test(said) || isWordList(prose, words) || isPattern(said, words)) kinds.set("code", 1);
    else if (code > 0.35) kinds.set("code", Math.min(1, code * 1.4));
  }
  return [...kinds].map(([feature, strength]) => ({ feature, strength, shown: null }));
}

const HTML_TAG = new RegExp(`</?(?:${HTML_TAGS})(?:\\s[^<>]*)?/?>`, "gi");

/** Tags of HTML for each word. */
function markupShare(said: string, words: number): number {
  if (!said.includes("<")) return 0;
  const tags = said.match(HTML_TAG)?.length ?? 0;
  return tags / (words + 1);
}

const CODE_LINE =
  /[;{}]$|^[}\])]+[;,]?$|=>|^(?:const|let|var|import|export|return|if|for|while|else|def|class|function|async|await|try|except|raise|throw|elif|switch|case|public|private|static|void|int|fn|func|package|use|require|include|module|end|local|readonly|set|then|do)\b[^.]*[;:{)=(]$|^\w+ ?= ?\S+$|^["']?[\w-]+["']?: ?(?:["'[{\d]|true|false|null)[^.!?]*,?$|^@\w+|^\S+\([^)]*\)[;,]?$|^[-\w]+: [^ ]+;$/;

/** An option of a program with what it does. */
const OPTION_LINE = /^-{1,2}[a-z][\w-]*(?:[ ,=<[]|$)/i;

/** A key of YAML or the like, in small letters. */
const KEY_LINE = /^(?:- )?[a-z][\w.-]*:(?: |$)/;

/** The share of lines that are code or data, among those that are not empty. */
function codeShare(prose: string): number {
  const lines = prose.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return 0;
  const options = lines.filter((line) => OPTION_LINE.test(line)).length;
  const keys = lines.filter((line) => KEY_LINE.test(line)).length;
  // Comments alone.
  if (lines.length > 2 && lines.every((line) => /^#(?!#)/.test(line))) return 1;
  if (keys > 3 && keys > lines.length * 0.6) return 1;
  if (options > 2 && options > lines.length / 4) return 1;
  if (lines.length === 1) return symbolShare(prose) > 0.25 ? 1 : 0;
  const code = lines.filter((line) => CODE_LINE.test(line.trim())).length;
  return code / lines.length;
}

/** Many words without a sentence, or alternatives of a pattern. */
function isWordList(prose: string, words: number): boolean {
  if (words < 15) return false;
  const bars = prose.match(/\|/g)?.length ?? 0;
  return bars > words / 4 || !/[.,:;!?…。、！？：]/u.test(prose);
}

/** A regular expression with its comments. */
function isPattern(said: string, words: number): boolean {
  const groups = said.match(/\(\?(?:[:=!#]|<[=!\w]|P<)/g)?.length ?? 0;
  return groups > 2 && groups > words / 30;
}

/** The share of signs that prose has few of. */
function symbolShare(prose: string): number {
  const signs = prose.match(/[{}[\]()<>=;|\\/*^$#@~_&%+]/g)?.length ?? 0;
  return signs / Math.max(1, prose.replaceAll(/\s/g, "").length);
}

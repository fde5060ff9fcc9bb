/** Says by a variable's name whose words it holds. */

/**
 * `user`: what people outside write; `foreign`: texts from elsewhere, such as search results; `setting`: what
 * the application chooses, such as a language; `unknown`: the name does not say.
 */
export type ContentClass = "user" | "foreign" | "setting" | "unknown";

function words(...list: readonly string[]): ReadonlySet<string> {
  return new Set(list.flatMap((line) => line.split(" ")));
}

const PEOPLE = words("user customer client visitor applicant patient guest sender caller buyer");

const WRITTEN = words(
  "input query queries question message ticket email mail comment feedback transcript conversation chat",
  "complaint request utterance reply replies letter post tweet review cv resume submission essay",
);

const FOREIGN = words(
  "document attachment webpage page html article passage context content text body result snippet chunk",
  "source note",
);

/** Where one of these ends a name, it is about the text and not the text itself. */
const FACTS = words(
  "id ids type types kind count number date time day year language locale lang status category categories",
  "priority label labels length limit size format tone style role persona brand company product products",
  "audience currency country region timezone channel name names tags version level max min index score",
  "policy policies rules guidelines schema tools examples instructions template templates criteria checklist",
  "goal goals url link model device system deadline settings config signature address addresses team department",
);

/** The words of a path: `user.firstName` has three. */
function wordsOf(path: string): readonly string[] {
  return path
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");
}

export function contentClass(path: string): ContentClass {
  const parts = wordsOf(path);
  const last = parts.at(-1) ?? "";
  if (FACTS.has(last)) return "setting";
  const bySomebody = parts.some((word) => PEOPLE.has(word));
  const holds = (list: ReadonlySet<string>, word: string): boolean =>
    list.has(word) || list.has(word.replace(/s$/, ""));
  if (parts.some((word) => holds(WRITTEN, word))) return "user";
  if (holds(FOREIGN, last)) return bySomebody ? "user" : "foreign";
  return "unknown";
}

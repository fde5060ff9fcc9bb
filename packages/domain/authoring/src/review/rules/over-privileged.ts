/** The rule about instructions that give a model more than any prompt should. */
import type { ReviewSeverity } from "@colophon/kernel";
import { languagesIn } from "../languages/languages-of.ts";
import type { PrivilegeName, ReviewLanguage } from "../languages/review-language.ts";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import { type Sentence, sentencesOf } from "../sentences-of.ts";

interface Privilege {
  readonly name: PrivilegeName;
  readonly severity: ReviewSeverity;
  readonly why: string;
}

const TOLD: readonly Privilege[] = [
  {
    name: "ignores rules",
    severity: "high",
    why: "tells the model to set rules aside, which it will then do for anybody",
  },
  { name: "no limits", severity: "high", why: "takes every limit away" },
  { name: "obeys anybody", severity: "medium", why: "puts whoever writes above the text" },
  { name: "full access", severity: "medium", why: "gives the model more than its task needs" },
];

/** What is quoted is told of, and no instruction. */
const QUOTED = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|`[^`]*`/g;

const ITEM = /^\s*(?:[-*•+]|\d{1,3}[.)]|>)\s/;
const LONGEST_LIST = 4_000;

/** Whether the sentence is an item of a list of what others may try. */
function isListedExample({ part, offset }: Sentence, languages: readonly ReviewLanguage[]): boolean {
  const lines = part.words.slice(Math.max(0, offset - LONGEST_LIST), offset).split("\n");
  if (!ITEM.test(`${lines.at(-1) ?? ""}${part.words.slice(offset, offset + 4)}`)) return false;
  const head = lines.slice(0, -1).findLast((line) => line.trim() !== "" && !ITEM.test(line));
  return head !== undefined && languages.some(({ ofAttacks }) => ofAttacks.test(head));
}

const DANGEROUS_TOOL =
  /(?:^|[_.-])(?:delete|drop|remove|erase|exec|execute|shell|bash|eval|sql|pay|payment|transfer|refund|charge|send|deploy|grant|purchase|terminate|write_file)(?:$|[_.-])/i;

function toolNames(tools: readonly { readonly name: string }[]): readonly string[] {
  return tools
    .map(({ name }) => name)
    .filter((name) => DANGEROUS_TOOL.test(name.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")));
}

function isUnasked({ text }: Sentence, { unasked, acting, forbidsUnasked }: ReviewLanguage): boolean {
  return unasked.test(text) && acting.test(text) && !forbidsUnasked.test(text);
}

function unaskedHit({ part, offset }: Sentence, dangerous: readonly string[]): RuleHit {
  const with_ = dangerous.length === 0 ? "" : `, and it has the tools ${dangerous.join(", ")}`;
  return {
    severity: dangerous.length === 0 ? "medium" : "high",
    message: `The text lets the model act without asking anybody${with_}: one injected sentence is enough to misuse that.`,
    advice: "Have it ask before what cannot be undone, or let the application confirm calls of these tools.",
    about: `acts unasked ${dangerous.toSorted().join(" ")}`.trim(),
    spot: { part, offset },
  };
}

export const OVER_PRIVILEGED: ReviewRule = {
  id: "over-privileged",
  severity: "high",
  summary: "The text gives the model more than its task needs.",
  advice: "Say what the model may do, and leave out what sets rules aside.",
  find: (text) => {
    const dangerous = toolNames(text.text.tools ?? []);
    const spoken = text.parts.filter(({ role }) => role !== "assistant");
    return spoken.flatMap((part) => {
      const languages = languagesIn(text, part.locale).read;
      return sentencesOf(part).flatMap((sentence) => hitsOf(sentence, { languages, dangerous }));
    });
  },
};

interface Spoken {
  readonly languages: readonly ReviewLanguage[];
  readonly dangerous: readonly string[];
}

function hitsOf(sentence: Sentence, { languages, dangerous }: Spoken): readonly RuleHit[] {
  const { text, part, offset } = sentence;
  if (languages.some((one) => isUnasked(sentence, one))) return [unaskedHit(sentence, dangerous)];
  // What forbids, reports or conditions it is a good sentence.
  if (languages.some(({ defensive }) => defensive.test(text))) return [];
  const said = text.replaceAll(QUOTED, '""');
  const found = TOLD.find(({ name }) => languages.some(({ privileges }) => privileges[name].test(said)));
  if (found === undefined || isListedExample(sentence, languages)) return [];
  const { severity, why, name } = found;
  const message = `A sentence ${why}.`;
  return [{ severity, message, about: `${name}: ${text.toLowerCase()}`, spot: { part, offset } }];
}

/** The rule about instructions that give a model more than any prompt should. */
import type { ReviewSeverity } from "@colophon/kernel";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import { type Sentence, sentencesOf } from "../sentences-of.ts";

/** A sentence that forbids, reports or conditions it is a good one. */
const DEFENSIVE =
  /\b(?:never|not|n['’]t|cannot|no one|nobody|refuse|decline|if|when|whenever|unless|even|attempts?|tries|try|asks?\s+you|tells?\s+you|asked\s+to|told\s+to|users?\s+(?:may|might|will)|instead\s+of|rather\s+than)\b|n['’]t\b/i;

interface Privilege {
  readonly name: string;
  readonly pattern: RegExp;
  readonly severity: ReviewSeverity;
  readonly why: string;
}

const PRIVILEGES: readonly Privilege[] = [
  {
    name: "ignores rules",
    pattern:
      /^(?:please\s+|now\s+|from now on,?\s+)?(?:you\s+(?:may|can|should|must|are\s+(?:free|allowed|permitted)\s+to)\s+)?(?:ignore|disregard|forget|bypass|override|circumvent)\s+(?!any\s+(?:rules|instructions|guidelines)\b)(?:(?:all|any|every|your|the|of|previous|prior|other|safety|content)\s+){1,5}(?:rules|instructions|guidelines|restrictions|policy|policies|guardrails|filters|limits|limitations|safeguards)(?=\s*(?:$|[^\s\w'’-]|(?:and|or|above|before|given|to|so|you|from\s+(?:now|above|your))\b))(?!.*\b(?:in|inside|within|contain\w*|found|embedded|hidden|quoted|mentioned|provided|sent|by|it|them|there)\b)/i,
    severity: "high",
    why: "tells the model to set rules aside, which it will then do for anybody",
  },
  {
    name: "no limits",
    pattern:
      /\byou\s+(?:can|may)\s+do\s+(?:anything|whatever\s+you\s+(?:want|like))(?=\s*(?:$|[.!?,;]|and\b|now\b))|\bdo\s+anything\s+now\b|\byou\s+(?:have|are\s+under|are\s+bound\s+by)\s+no\s+(?:restrictions|limits|limitations|rules|guidelines)(?=\s*(?:$|[.!?,;]|and\b))|\b(?:you|answer|respond|reply|act|speak|talk|comply|operate)\b.{0,60}\bwithout\s+any\s+(?:restrictions|limits|limitations|filters|censorship)(?=\s*(?:$|[.!?,;]|and\b))/i,
    severity: "high",
    why: "takes every limit away",
  },
  {
    name: "obeys anybody",
    pattern:
      /\b(?:do|obey)\s+(?:whatever|anything|everything)\s+(?:that\s+)?(?:the\s+)?(?:users?|customers?|callers?)\s+(?:says?|asks?|wants?|requests?|demands?)\b/i,
    severity: "medium",
    why: "puts whoever writes above the text",
  },
  {
    name: "full access",
    pattern:
      /\byou\s+have\s+(?:full|complete|unrestricted|unlimited|root|administrator|admin)\s+(?:access|permissions?|authority|control|rights|privileges)\b(?!\s+(?:to|of|over)\s+(?:the|this|all)\s+(?:\w+\s+)?(?:documentation|documents?|text|conversation|context|article|transcript|history|narrative|knowledge)\b)/i,
    severity: "medium",
    why: "gives the model more than its task needs",
  },
];

/** What is quoted is told of, and no instruction. */
const QUOTED = /"[^"]*"|“[^”]*”|«[^»]*»|`[^`]*`/g;

const ITEM = /^\s*(?:[-*•+]|\d{1,3}[.)]|>)\s/;
/** What a list is headed by whose items are not to be done. */
const OF_ATTACKS =
  /\b(?:examples?|attacks?|injections?|jailbreaks?|attempts?|phrases|patterns|such\s+as|like|never|not|refuse|detect|flag)\b.*:\s*$/i;
const LONGEST_LIST = 4_000;

/** Whether the sentence is an item of a list of what others may try. */
function isListedExample({ part, offset }: Sentence): boolean {
  const lines = part.words.slice(Math.max(0, offset - LONGEST_LIST), offset).split("\n");
  if (!ITEM.test(`${lines.at(-1) ?? ""}${part.words.slice(offset, offset + 4)}`)) return false;
  const head = lines.slice(0, -1).findLast((line) => line.trim() !== "" && !ITEM.test(line));
  return head !== undefined && OF_ATTACKS.test(head);
}

const ACTING =
  /\b(?:delete|remove|drop|erase|send|pay|transfer|refund|charge|buy|purchase|book|cancel|execute|run|deploy|publish|grant|approve|issue|modify|update|overwrite|shut\s+down|terminate)\b/i;
const UNASKED =
  /\bwithout\s+(?:first\s+|ever\s+)?(?:asking(?!\s+(?:(?:any|further|more|follow-?up|clarifying)\s+)*(?:follow|clarif|questions)|.{0,20}\bagain\b)|confirming|confirmation|approval|permission|checking\s+with|consent|(?:any\s+)?(?:user|human)\s+(?:confirmation|approval))\b|\bno\s+(?:confirmation|approval)\s+(?:is\s+)?(?:needed|required|necessary)\b|\bdo\s+not\s+ask\s+for\s+(?:confirmation|approval|permission)\b/i;
/** Said for the sentence that takes the question away: "do not ask" is no defence. */
const FORBIDS_UNASKED =
  /\b(?:never|must\s+not|may\s+not|should\s+not|cannot|can['’]t|(?:do\s+not|don['’]t)\s+(?!ask))/i;

const DANGEROUS_TOOL =
  /(?:^|[_.-])(?:delete|drop|remove|erase|exec|execute|shell|bash|eval|sql|pay|payment|transfer|refund|charge|send|deploy|grant|purchase|terminate|write_file)(?:$|[_.-])/i;

function toolNames(tools: readonly { readonly name: string }[]): readonly string[] {
  return tools
    .map(({ name }) => name)
    .filter((name) => DANGEROUS_TOOL.test(name.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")));
}

function unaskedHit({ text, part, offset }: Sentence, dangerous: readonly string[]): RuleHit | null {
  if (!UNASKED.test(text) || !ACTING.test(text) || FORBIDS_UNASKED.test(text)) return null;
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
  find: ({ parts, text }) => {
    const dangerous = toolNames(text.tools ?? []);
    const sentences = parts.filter(({ role }) => role !== "assistant").flatMap(sentencesOf);
    return sentences.flatMap((sentence) => {
      const unasked = unaskedHit(sentence, dangerous);
      if (unasked !== null) return [unasked];
      if (DEFENSIVE.test(sentence.text)) return [];
      const said = sentence.text.replaceAll(QUOTED, '""');
      const found = PRIVILEGES.find(({ pattern }) => pattern.test(said));
      if (found === undefined || isListedExample(sentence)) return [];
      const { severity, why, name } = found;
      const { part, offset } = sentence;
      return [
        {
          severity,
          message: `A sentence ${why}.`,
          about: `${name}: ${sentence.text.toLowerCase()}`,
          spot: { part, offset },
        },
      ];
    });
  },
};

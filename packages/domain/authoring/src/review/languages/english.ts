/** English, as the rules that read words know it. */
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES =
  "english|german|french|spanish|italian|portuguese|dutch|polish|russian|japanese|chinese|korean|arabic|turkish|swedish";

export const ENGLISH: ReviewLanguage = {
  name: "English",
  common: wordSet(
    "the a an and or of to in is are be it its this that these those with for from as by on at if only not no you your i we they he she their our his her answer reply respond return write use each all any one what who which when where why how do does will can could should must may have has following below text user give say sort sum up out into than then so but about after before more most less least never always please there here first last new same other some such every between within without under over them me my us was were been being had would list make sure read given",
  ),
  script: null,
  defensive:
    /\b(?:never|not|n['’]t|cannot|no one|nobody|refuse|decline|if|when|whenever|unless|even|attempts?|tries|try|asks?\s+you|tells?\s+you|asked\s+to|told\s+to|users?\s+(?:may|might|will)|instead\s+of|rather\s+than)\b|n['’]t\b/i,
  privileges: {
    "ignores rules":
      /^(?:please\s+|now\s+|from now on,?\s+)?(?:you\s+(?:may|can|should|must|are\s+(?:free|allowed|permitted)\s+to)\s+)?(?:ignore|disregard|forget|bypass|override|circumvent)\s+(?!any\s+(?:rules|instructions|guidelines)\b)(?:(?:all|any|every|your|the|of|previous|prior|other|safety|content)\s+){1,5}(?:rules|instructions|guidelines|restrictions|policy|policies|guardrails|filters|limits|limitations|safeguards)(?=\s*(?:$|[^\s\w'’-]|(?:and|or|above|before|given|to|so|you|from\s+(?:now|above|your))\b))(?!.*\b(?:in|inside|within|contain\w*|found|embedded|hidden|quoted|mentioned|provided|sent|by|it|them|there)\b)/i,
    "no limits":
      /\byou\s+(?:can|may)\s+do\s+(?:anything|whatever\s+you\s+(?:want|like))(?=\s*(?:$|[.!?,;]|and\b|now\b))|\bdo\s+anything\s+now\b|\byou\s+(?:have|are\s+under|are\s+bound\s+by)\s+no\s+(?:restrictions|limits|limitations|rules|guidelines)(?=\s*(?:$|[.!?,;]|and\b))|\b(?:you|answer|respond|reply|act|speak|talk|comply|operate)\b.{0,60}\bwithout\s+any\s+(?:restrictions|limits|limitations|filters|censorship)(?=\s*(?:$|[.!?,;]|and\b))/i,
    "obeys anybody":
      /\b(?:do|obey)\s+(?:whatever|anything|everything)\s+(?:that\s+)?(?:the\s+)?(?:users?|customers?|callers?)\s+(?:says?|asks?|wants?|requests?|demands?)\b/i,
    "full access":
      /\byou\s+have\s+(?:full|complete|unrestricted|unlimited|root|administrator|admin)\s+(?:access|permissions?|authority|control|rights|privileges)\b(?!\s+(?:to|of|over)\s+(?:the|this|all)\s+(?:\w+\s+)?(?:documentation|documents?|text|conversation|context|article|transcript|history|narrative|knowledge)\b)/i,
  },
  ofAttacks:
    /\b(?:examples?|attacks?|injections?|jailbreaks?|attempts?|phrases|patterns|such\s+as|like|never|not|refuse|detect|flag)\b.*:\s*$/i,
  acting:
    /\b(?:delete|remove|drop|erase|send|pay|transfer|refund|charge|buy|purchase|book|cancel|execute|run|deploy|publish|grant|approve|issue|modify|update|overwrite|shut\s+down|terminate)\b/i,
  unasked:
    /\bwithout\s+(?:first\s+|ever\s+)?(?:asking(?!\s+(?:(?:any|further|more|follow-?up|clarifying)\s+)*(?:follow|clarif|questions)|.{0,20}\bagain\b)|confirming|confirmation|approval|permission|checking\s+with|consent|(?:any\s+)?(?:user|human)\s+(?:confirmation|approval))\b|\bno\s+(?:confirmation|approval)\s+(?:is\s+)?(?:needed|required|necessary)\b|\bdo\s+not\s+ask\s+for\s+(?:confirmation|approval|permission)\b/i,
  forbidsUnasked:
    /\b(?:never|must\s+not|may\s+not|should\s+not|cannot|can['’]t|(?:do\s+not|don['’]t)\s+(?!ask))/i,
  conditional:
    /\b(?:if|when|whenever|unless|except|where|only\s+for|in\s+case|otherwise|for\s+(?:each|every|example)|e\.g\.|such\s+as|optionally|may|can)\b/i,
  inField: /\b(?:field|key|property|attribute|column|silently|internally|privately|to\s+yourself)\b|["`']/i,
  opposites: {
    "only json, explained": [
      /\b(?:only|just|nothing\s+but|exclusively|solely)\b[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}\b(?:only|alone|and\s+nothing\s+else)\b/i,
      /\b(?:explain|describe|justify|elaborate)\b[^.]{0,50}\b(?:at\s+length|in\s+(?:full\s+)?detail|step\s+by\s+step|in\s+depth|thoroughly)\b|\bshow\s+your\s+(?:work|reasoning)\b|\bthink\s+(?:out\s+loud|aloud)\b|\b(?:begin|start|end|finish|conclude)\s+(?:your\s+(?:answer|reply|response)\s+)?with\s+(?:a|an|your)\s+(?:\w+\s+)?(?:explanation|summary|greeting|introduction)\b/i,
    ],
    "one word, explained": [
      /\b(?:answer|reply|respond|output|return)\b[^.]{0,30}\b(?:(?:with|in|by)\s+(?:exactly\s+|only\s+|just\s+)?(?:one|a\s+single)\s+word|the\s+label\s+(?:alone|only)|only\s+the\s+label|(?:yes\s+or\s+no|["']?yes["']?\/["']?no["']?)\s+only)\b/i,
      /\b(?:explain|justify)\s+(?:your|the|why|how|each|every)\b|\bgive\s+(?:your\s+)?reasons?\b|\bshow\s+your\s+(?:work|reasoning)\b/i,
    ],
    "language of the user, another": [
      /\b(?:answer|respond|reply|write)\b[^.]{0,30}\bin\s+the\s+(?:same\s+)?language\s+(?:of|in\s+which|as|that)\b/i,
      new RegExp(
        String.raw`\b(?:always|only)\s+(?:answer|respond|reply|write)\b[^.]{0,20}\bin\s+(?:${LANGUAGES})\b`,
        "i",
      ),
    ],
  },
  answersIn: new RegExp(
    String.raw`^(?:always\s+|please\s+|only\s+)?(?:answer|respond|reply)\b(?:\s+(?:only|always|to\s+the\s+\w+|the\s+\w+))?\s+in\s+(?<language>${LANGUAGES})\b`,
    "i",
  ),
  languages: Object.fromEntries(LANGUAGES.split("|").map((name) => [name, name])),
  most: /\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|maximum\s+of|max\.?|up\s+to|(?:fewer|less)\s+than|under|within)\s+(?<count>\d{1,6})\s+(?<unit>word|sentence|character|paragraph|bullet)/i,
  least:
    /\b(?:at\s+least|no\s+(?:fewer|less)\s+than|not\s+(?:fewer|less)\s+than|minimum\s+of|more\s+than|over)\s+(?<count>\d{1,6})\s+(?<unit>word|sentence|character|paragraph|bullet)/i,
  units: {
    word: "word",
    sentence: "sentence",
    character: "character",
    paragraph: "paragraph",
    bullet: "bullet",
  },
  brief:
    /\b(?:be|keep\s+(?:it|your\s+(?:answer|reply|response)s?))\s+(?:very\s+|as\s+)?(?:brief|short|concise)\b|\b(?:answer|reply|respond)\s+(?:briefly|in\s+(?:one|a\s+single)\s+sentence)\b/i,
  partOfAnswer:
    /\b(?:titles?|headlines?|headings?|subjects?|summar(?:y|ies)|sections?|each|every|per|fields?|items?|introduction|conclusion|bullets?\s+of|quotes?|names?|captions?|descriptions?|abstract|first|last|second|input|question|document|ticket|text\s+is)\b/i,
  never:
    /^(?:you\s+(?:must|should|may)\s+)?(?:never|do\s+not(?:\s+ever)?|don['’]t(?:\s+ever)?|must\s+not|not)\s+(.+)$/i,
  always: /^(?:you\s+(?:must|should)\s+)?always\s+(.+)$/i,
  notice:
    /untrusted|\bdata\b|\bnot\s+(?:as\s+)?instructions?\b|(?:follow|obey|execute)\s+(?:no|any|none)\b|(?:ignore|disregard|do\s+not\s+follow|never\s+follow|don['’]t\s+follow)[^.\n]{0,60}(?:instruction|command|order|request)/i,
  asksJson:
    /\b(?:answer|respond|reply|output|return|produce|emit|give|provide|generate|write|format)\b[^.]{0,60}\bjson\b|\bjson\s+(?:object|array)\s+(?:with|containing|of\s+the\s+form)\b/i,
  aboutInput:
    /\b(?:input|given|following|receive|you\s+get|below|contains|schema\s+of)\b|\b(?:not|never|no|n['’]t)\s+(?:\w+\s+){0,3}json\b/i,
};

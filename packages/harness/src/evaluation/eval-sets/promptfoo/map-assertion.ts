/** Maps an assertion of promptfoo to a scorer. */
import { type Expectation, isFields, type ScorerSpec, shown } from "@colophon/evaluation";
import type { Assertion, Mapped } from "./assertion.ts";

type Options = Readonly<Record<string, unknown>>;
type Mapping = (assertion: Assertion) => Mapped;

/** promptfoo's own, where an assertion names none. */
const SIMILAR_THRESHOLD = 0.75;
const ROUGE_THRESHOLD = 0.75;
const EDITS_ALLOWED = 5;

const specOf = (scorer: string, options: Options): ScorerSpec => ({
  scorer,
  ...(Object.keys(options).length === 0 ? {} : { options }),
});
const takes = (scorer: string, options: Options = {}): Mapped => ({ spec: specOf(scorer, options) });
const cannot = (why: string): Mapped => ({ spec: null, why });

/** A scorer that looks at the case's expectation unless it has a value of its own. */
const against = (scorer: string, expected: Expectation, options: Options = {}): Mapped => ({
  spec: specOf(scorer, options),
  expected,
});

function withText(map: (text: string, assertion: Assertion) => Mapped): Mapping {
  return (assertion) => {
    const { value } = assertion;
    if (typeof value === "string" && value.startsWith("file://")) return cannot("its value is another file");
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return map(String(value), assertion);
    return cannot(`its value is ${shown(value)}, no text`);
  };
}

function withTexts(options: (texts: readonly string[]) => Options): Mapping {
  return ({ value }) => {
    const texts = typeof value === "string" ? value.split(",").map((one) => one.trim()) : value;
    if (Array.isArray(texts) && texts.length > 0 && texts.every((one) => typeof one === "string"))
      return takes("contains", options(texts));
    return cannot(`its value is ${shown(value)}, no list of texts`);
  };
}

function withLimit(scorer: string): Mapping {
  return ({ threshold }) =>
    threshold === undefined ? cannot("it names no threshold") : takes(scorer, { max: threshold });
}

const equals: Mapping = (assertion) => {
  const { value } = assertion;
  if (typeof value === "object" && value !== null) return against("json-equal", { kind: "json", value });
  // The whole answer as it is: promptfoo trims nothing.
  return withText((text) => against("exact", { kind: "label", value: text }, { trim: false }))(assertion);
};

const isJson: Mapping = ({ value }) => {
  if (value === undefined || value === "") return takes("json-valid");
  const schema = typeof value === "string" ? parsed(value) : value;
  return isFields(schema) ? takes("json-schema", { schema }) : cannot("its value is no JSON Schema");
};

const containsJson: Mapping = (assertion) => {
  const mapped = isJson(assertion);
  if (mapped.spec === null) return mapped;
  const options = { ...mapped.spec.options, allowFence: true };
  return {
    spec: { ...mapped.spec, options },
    differs: "the whole answer must be JSON, in a fence or not; JSON between other words fails",
  };
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const wordCount: Mapping = ({ value }) => {
  const { min, max } = isFields(value) ? value : { min: value, max: value };
  const bounds = Object.entries({ min, max }).filter(([, bound]) => bound !== undefined);
  if (bounds.length === 0 || !bounds.every(([, bound]) => typeof bound === "number"))
    return cannot(`its value is ${shown(value)}, no count of words`);
  return takes("length", { ...Object.fromEntries(bounds), unit: "words" });
};

const levenshtein = withText((text, { threshold = EDITS_ALLOWED }) => ({
  ...against(
    "edit-distance",
    { kind: "reference", value: text },
    {
      threshold: Math.max(0, 1 - threshold / Math.max(1, text.length)),
    },
  ),
  differs: `${threshold} edits are taken as a share of the ${text.length} characters expected`,
}));

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  equals,
  contains: withText((value) => takes("contains", { value })),
  icontains: withText((value) => takes("contains", { value, ignoreCase: true })),
  "contains-any": withTexts((any) => ({ any })),
  "contains-all": withTexts((all) => ({ all })),
  "icontains-any": withTexts((any) => ({ any, ignoreCase: true })),
  "icontains-all": withTexts((all) => ({ all, ignoreCase: true })),
  "starts-with": withText((value) => takes("starts-with", { value })),
  regex: withText((pattern) => takes("regex", { pattern, flags: "" })),
  "is-json": isJson,
  "contains-json": containsJson,
  levenshtein,
  "word-count": wordCount,
  similar: withText((text, { threshold = SIMILAR_THRESHOLD }) =>
    against("similarity", { kind: "reference", value: text }, { threshold }),
  ),
  // ROUGE-1, which is what promptfoo counts, is the F1 of the words.
  "rouge-n": withText((text, { threshold = ROUGE_THRESHOLD }) =>
    against("token-f1", { kind: "reference", value: text }, { threshold }),
  ),
  "rouge-l": withText((text, { threshold = ROUGE_THRESHOLD }) =>
    against("rouge-l", { kind: "reference", value: text }, { threshold }),
  ),
  "llm-rubric": withText((text, { threshold }) =>
    against("judge", { kind: "rubric", value: text }, threshold === undefined ? {} : { threshold }),
  ),
  "is-refusal": () => takes("refusal", { expected: true }),
  cost: withLimit("cost"),
  latency: withLimit("latency"),
  javascript: () =>
    cannot("code is not taken in: write it as a function in a file and name it with the scorer `custom`"),
  python: () =>
    cannot("code is not taken in: write it as a TypeScript function and name it with the scorer `custom`"),
};

/** The scorer with the assertion's weight, metric and `not-`, or why there is none. */
export function mapAssertion(assertion: Assertion): Mapped {
  const negate = assertion.type.startsWith("not-");
  const type = negate ? assertion.type.slice("not-".length) : assertion.type;
  const mapping = Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type] : undefined;
  if (mapping === undefined) return cannot(`there is no scorer for ${assertion.type}`);
  const mapped = mapping(assertion);
  if (mapped.spec === null) return mapped;
  const { weight, metric, others } = assertion;
  const spec: ScorerSpec = {
    ...mapped.spec,
    ...(metric === undefined ? {} : { metric }),
    ...(weight === undefined ? {} : { weight }),
    ...(negate ? { negate } : {}),
  };
  const left = others.length === 0 ? [] : [`${others.join(", ")} is left out`];
  const differs = [...(mapped.differs === undefined ? [] : [mapped.differs]), ...left].join("; ");
  return {
    spec,
    // What must not be said is no expectation.
    ...(mapped.expected === undefined ? {} : { expected: mapped.expected }),
    ...(differs === "" ? {} : { differs }),
  };
}

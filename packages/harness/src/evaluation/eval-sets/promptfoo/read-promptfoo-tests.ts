/** Reads the tests of a promptfoo file as cases, and says of each test what has no counterpart. */
import {
  type CaseDraft,
  type Fields,
  isFields,
  readOptionalText,
  readSplit,
  shown,
} from "@colophon/evaluation";
import { canonicalJson } from "@colophon/kernel";
import { BARE_FILE, type EvalSetFile, type ReadingFile, type Unmapped } from "../eval-set-file.ts";
import { countExpansions, expandVariables, MOST_EXPANSIONS } from "./expand-variables.ts";
import { mapAssertions } from "./map-assertions.ts";

export interface PromptfooFile {
  readonly tests: readonly { readonly place: string; readonly value: unknown }[];
  /** What `tests` says, where it is no list. */
  readonly testsOf?: unknown;
  readonly defaultTest?: unknown;
  readonly scenarios?: unknown;
  readonly derivedMetrics?: unknown;
}

const TEST_FIELDS: readonly string[] = ["description", "vars", "assert", "metadata"];

export function readPromptfooTests(file: PromptfooFile, reading: ReadingFile): EvalSetFile {
  const unmapped: Unmapped[] = [...unmappedOfFile(file)];
  const standard = isFields(file.defaultTest) ? file.defaultTest : {};
  const drafts = file.tests.flatMap(({ place, value }, index): readonly CaseDraft[] => {
    const number = `test ${index + 1}`;
    if (!isFields(value)) {
      unmapped.push({
        test: `${number} (${place})`,
        assertion: null,
        why: isFile(value)
          ? `${shown(value)} is another file, which is not read: write its tests into this one`
          : `it is ${shown(value)}, no test`,
        instead: null,
      });
      return [];
    }
    const described = typeof value.description === "string" ? `, ${value.description}` : "";
    const test = `${number} (${place}${described})`;
    const read = readTest(value, { test, place, standard }, reading);
    unmapped.push(...read.unmapped);
    return read.drafts;
  });
  return { ...BARE_FILE, ...hoistScorers(drafts), unmapped };
}

function isFile(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("file://");
}

function unmappedOfFile({
  testsOf,
  defaultTest,
  scenarios,
  derivedMetrics,
}: PromptfooFile): readonly Unmapped[] {
  const left: readonly (readonly [name: string, isLeft: boolean, why: string])[] = [
    ["tests", testsOf !== undefined && !Array.isArray(testsOf), "tests of another file: take that file in"],
    [
      "defaultTest",
      defaultTest !== undefined && !isFields(defaultTest),
      "it stands in another file: write it here",
    ],
    ["scenarios", scenarios !== undefined, "scenarios have no counterpart: write their tests out"],
    ["derivedMetrics", derivedMetrics !== undefined, "derived metrics have no counterpart"],
  ];
  return left.flatMap(([test, isLeft, why]) =>
    isLeft ? [{ test, assertion: null, why, instead: null }] : [],
  );
}

interface ReadingTest {
  readonly test: string;
  readonly place: string;
  /** What holds for every test. */
  readonly standard: Fields;
}

interface ReadTest {
  readonly drafts: readonly CaseDraft[];
  readonly unmapped: readonly Unmapped[];
}

function readTest(value: Fields, { test, place, standard }: ReadingTest, reading: ReadingFile): ReadTest {
  const unmapped: Unmapped[] = [];
  const leave = (why: string): void => {
    unmapped.push({ test, assertion: null, why, instead: null });
  };
  const both = (name: string): Fields => ({ ...fieldsOf(standard[name]), ...fieldsOf(value[name]) });
  const options = both("options");
  const metadata = both("metadata");
  for (const why of withoutCounterpart({ value, standard, options, metadata })) leave(why);
  if (value.vars !== undefined && !isFields(value.vars)) {
    leave(`its variables are ${shown(value.vars)}; the test was not taken in`);
    return { drafts: [], unmapped };
  }
  const common = options.disableDefaultAsserts === true ? [] : listOf(standard.assert);
  const assertions = [...common, ...listOf(value.assert)];
  const given = both("vars");
  const isExpanded = options.disableVarExpansion !== true;
  if (isExpanded && countExpansions(given) > MOST_EXPANSIONS) {
    leave(
      `its lists stand for ${countExpansions(given)} tests, more than ${MOST_EXPANSIONS}; the test was not taken in`,
    );
    return { drafts: [], unmapped };
  }
  const drafts: CaseDraft[] = [];
  for (const variables of isExpanded ? expandVariables(given) : [given]) {
    if (Object.values(variables).some((one) => isFile(one))) {
      leave("a variable is another file; the test was not taken in");
      continue;
    }
    const mapped = mapAssertions(assertions, { test, variables });
    // Every expansion says the same of the same assertions.
    if (drafts.length === 0) unmapped.push(...mapped.unmapped);
    if (mapped.scorers.length === 0 && assertions.length > 0) {
      leave("none of its assertions could be mapped; the test was not taken in");
      break;
    }
    drafts.push({
      id: null,
      variables,
      expected: mapped.expected,
      split: readSplit(metadata.split, reading.at(place)),
      tags: tagsOf(metadata),
      cluster: readOptionalText(metadata, "cluster", reading.at(place)),
      provenance: { source: "import", ref: `${reading.file}, ${test}` },
      scorers: mapped.scorers,
      place,
    });
  }
  return { drafts, unmapped };
}

interface TestFields {
  readonly value: Fields;
  readonly standard: Fields;
  readonly options: Fields;
  readonly metadata: Fields;
}

/** What of a test is not about its case, or not written here. */
function withoutCounterpart({ value, standard, options, metadata }: TestFields): readonly string[] {
  const names = [...new Set([...Object.keys(standard), ...Object.keys(value)])];
  return [
    ...names
      .filter((name) => !TEST_FIELDS.includes(name) && name !== "options")
      .map((name) => `"${name}" has no counterpart`),
    ...Object.keys(options)
      .filter((name) => !name.startsWith("disable"))
      .map((name) => `the option "${name}" has no counterpart`),
    ...[standard.assert, value.assert]
      .filter((assert) => assert !== undefined && !Array.isArray(assert))
      .map((assert) => `its assertions are ${shown(assert)}, no list`),
    ...Object.keys(metadata)
      .filter((name) => !isTag(metadata[name]))
      .map((name) => `the metadata "${name}" are no tag`),
  ];
}

function isTag(value: unknown): boolean {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every((one) => typeof one !== "object" && one !== undefined);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `category: billing` is the tag `category:billing`; split and cluster are what they are. */
function tagsOf(metadata: Fields): readonly string[] {
  return Object.entries(metadata).flatMap(([name, value]) => {
    if (name === "split" || name === "cluster") return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return isTag(value) ? values.map((one) => `${name}:${String(one)}`) : [];
  });
}

/** Scorers that every case has alike are the set's. */
function hoistScorers(drafts: readonly CaseDraft[]): Pick<EvalSetFile, "scorers" | "drafts"> {
  const [first] = drafts;
  const common = first === undefined ? "" : canonicalJson(first.scorers);
  if (first === undefined || !drafts.every(({ scorers }) => canonicalJson(scorers) === common))
    return { scorers: null, drafts };
  return {
    scorers: first.scorers.length === 0 ? null : first.scorers,
    drafts: drafts.map((draft) => ({ ...draft, scorers: [] })),
  };
}

/** Makes cases of an eval set of a Langfuse dataset's items. */
import { isFields } from "../../field-reader.ts";
import type { ImportedSet, Remarks } from "../imported.ts";
import { splitCases } from "../split-cases.ts";

export interface LangfuseDataset {
  readonly name: string;
  /** As the API or an export has them. */
  readonly items: readonly unknown[];
  /** What is said of it as a whole; absent where nothing is known. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** The variable that holds an input that is no object. */
const WHOLE_INPUT = "input";

export function convertLangfuseDataset(
  { name, items, about = {} }: LangfuseDataset,
  remarks: Remarks,
): ImportedSet {
  const from = `dataset ${name}`;
  const told = ["description", "metadata"].filter((field) => isSaid(about[field]));
  if (told.length > 0)
    remarks.changed(from, `its ${told.join(" and ")} stays behind: an eval set has a name and cases.`);
  const traced = items.filter((item) => isFields(item) && isSaid(item.sourceTraceId)).length;
  if (traced > 0) remarks.changed(from, `the traces that ${traced} items come from stay behind.`);
  const archived = items.filter((item) => isFields(item) && item.status === "ARCHIVED").length;
  if (archived > 0) remarks.changed(from, `${archived} archived items were left out.`);
  let wrapped = 0;
  let bare = 0;
  const cases = items.flatMap((item, index): readonly Readonly<Record<string, unknown>>[] => {
    const nth = `item ${index + 1}`;
    if (!isFields(item)) {
      remarks.leave(from, `${nth} is no object with input.`);
      return [];
    }
    if (item.status === "ARCHIVED") return [];
    const { id, input, expectedOutput, metadata } = item;
    if (input === undefined || input === null) {
      remarks.leave(from, `${nth} has no input, and a case has variables.`);
      return [];
    }
    if (expectedOutput === undefined || expectedOutput === null || expectedOutput === "") {
      bare += 1;
      return [];
    }
    if (!isFields(input)) wrapped += 1;
    return [
      {
        ...(typeof id === "string" && id !== "" && { id }),
        variables: isFields(input) ? input : { [WHOLE_INPUT]: input },
        expected: { kind: typeof expectedOutput === "string" ? "reference" : "json", value: expectedOutput },
        ...tagsOf(metadata, (name) => remarks.leave(from, `the metadata ${name} of ${nth} are no tag.`)),
      },
    ];
  });
  if (bare > 0) {
    remarks.leave(
      from,
      `${bare} items expect nothing, so nothing could score them; add an expectedOutput there, or write them as cases with scorers.`,
    );
  }
  if (wrapped > 0) {
    remarks.changed(
      from,
      `${wrapped} inputs are no object of variables: each is the variable ${WHOLE_INPUT} here.`,
    );
  }
  return splitCases({ from, name, cases }, remarks);
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !isFields(value) || Object.keys(value).length > 0;
}

function tagsOf(metadata: unknown, leave: (name: string) => void): { readonly tags?: readonly string[] } {
  if (!isFields(metadata)) return {};
  const tags = Object.entries(metadata).flatMap(([name, value]) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      return [`${name}:${String(value)}`];
    }
    if (value !== null) leave(name);
    return [];
  });
  return tags.length > 0 ? { tags } : {};
}

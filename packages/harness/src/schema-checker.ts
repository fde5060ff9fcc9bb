/** Holds variables against a contract with ajv, and says in words what does not fit. */
import { errorCodeOf, HarnessError, type JsonSchema, MEDIA_KEYWORD, mediaProblem } from "@colophon/kernel";
import type { ErrorObject, SchemaValidateFunction, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { boundSchema } from "./bounds/bound-schema.ts";
import { DEEPEST_VALUE, isWithinDepth } from "./bounds/bound-value.ts";
import { WorkBudget } from "./bounds/work-budget.ts";
import type { CheckerOf } from "./registry-declaration.ts";

/**
 * Defaults are filled into a copy; what comes back is what a body reads. No schema and no value can hold a
 * server up: a schema is held to a size when it is read, and the work that a value takes is counted.
 *
 * @throws HarnessError `schema-unsupported` for a contract that cannot be checked, is too large, or has a pattern
 * that cannot be found in linear time; the check throws `too-large` for a value that takes too much work.
 * @example
 * const check = checkerOf({ type: "object", required: ["ticket"] });
 * const { issues } = await check({});
 */
export const checkerOf: CheckerOf = (schema) => {
  const budget = new WorkBudget();
  const validate = compile(boundSchema(schema), budget);
  return (value) => {
    if (!isWithinDepth(value)) return { issues: [{ message: `nests more than ${DEEPEST_VALUE} deep` }] };
    const copy = structuredClone(value);
    budget.renew();
    if (isFit(validate, copy)) return { value: copy };
    return { issues: (validate.errors ?? []).map(issueOf) };
  };
};

function isFit(validate: ValidateFunction, value: unknown): boolean {
  try {
    return validate(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HarnessError(
      "schema-unsupported",
      "The schema refers to itself without end; let it go on to a part of the value each time.",
      { cause },
    );
  }
}

function compile(schema: JsonSchema, budget: WorkBudget) {
  const ajv = new Ajv2020({
    useDefaults: true,
    strict: false,
    allErrors: false,
    logger: false,
    // Where many refer to one, each would have the whole of it.
    inlineRefs: false,
    code: { regExp: Object.assign((pattern: string) => budget.pattern(pattern), { code: "pattern" }) },
  });
  budget.oversee(ajv);
  // The package's default export hides behind its own name in ES modules.
  (addFormats as unknown as { readonly default: (ajv: Ajv2020) => void }).default(ajv);
  ajv.addKeyword({ keyword: MEDIA_KEYWORD, errors: true, validate: checkMedia });
  try {
    return ajv.compile(schema as object);
  } catch (cause) {
    if (errorCodeOf(cause) !== undefined) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError(
      "schema-unsupported",
      `The contract is no JSON Schema that can be checked: ${why}.`,
      { cause },
    );
  }
}

const checkMedia: SchemaValidateFunction = (on: unknown, value: unknown) => {
  const problem = on === true ? mediaProblem(value) : undefined;
  checkMedia.errors = problem === undefined ? [] : [{ keyword: MEDIA_KEYWORD, message: problem }];
  return problem === undefined;
};

function issueOf(error: ErrorObject): { readonly message: string; readonly path: readonly string[] } {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const { params, message = "does not fit the contract" } = error;
  if (error.keyword === "required")
    return { message: "is missing", path: [...path, String(params.missingProperty)] };
  if (error.keyword === "additionalProperties") {
    return { message: "is not in the contract", path: [...path, String(params.additionalProperty)] };
  }
  if (error.keyword === "enum")
    return { message: `must be one of ${(params.allowedValues as unknown[]).join(", ")}`, path };
  return { message, path };
}

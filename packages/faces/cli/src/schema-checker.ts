/** Holds variables against a contract with ajv, and says in words what does not fit. */
import type { CheckerOf } from "@colophon/harness";
import { HarnessError, type JsonSchema, MEDIA_KEYWORD, mediaProblem } from "@colophon/kernel";
import type { ErrorObject, SchemaValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Defaults are filled into a copy; what comes back is what a body reads. */
export const checkerOf: CheckerOf = (schema) => {
  const validate = compile(schema);
  return (value) => {
    const copy = structuredClone(value);
    if (validate(copy)) return { value: copy };
    return { issues: (validate.errors ?? []).map(issueOf) };
  };
};

function compile(schema: JsonSchema) {
  const ajv = new Ajv2020({ useDefaults: true, strict: false, allErrors: false, logger: false });
  // The package's default export hides behind its own name in ES modules.
  (addFormats as unknown as { readonly default: (ajv: Ajv2020) => void }).default(ajv);
  ajv.addKeyword({ keyword: MEDIA_KEYWORD, errors: true, validate: checkMedia });
  try {
    return ajv.compile(schema as object);
  } catch (cause) {
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

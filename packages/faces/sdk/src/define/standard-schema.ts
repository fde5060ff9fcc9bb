/** The parts of Standard Schema v1 and Standard JSON Schema v1 that the SDK reads, declared here so that it depends on no schema library. */

/** A schema of any library that speaks Standard Schema v1: zod 4, valibot, arktype and others. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": StandardProps<Input, Output>;
}

/** A schema that can also describe itself as JSON Schema: zod 4, arktype, valibot through `toStandardJsonSchema`. */
export interface StandardJsonSchema<Input = unknown, Output = Input> {
  readonly "~standard": StandardProps<Input, Output> & { readonly jsonSchema: JsonSchemaConverter };
}

export interface StandardProps<Input, Output> {
  readonly version: 1;
  readonly vendor: string;
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Carries the types alone; never there at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export interface JsonSchemaConverter {
  readonly input: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>;
  readonly output: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>;
}

export type JsonSchemaTarget = "draft-2020-12" | "draft-07";

/** What the caller passes: before defaults and transforms. */
export type InputOf<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["input"];

/** What the body sees: after defaults and transforms. */
export type OutputOf<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];

/** Runs an operation as a server does: what goes in and what comes out has been JSON, and fits the schemas. */
import { expect } from "vitest";
import type { z } from "zod";
import type { Harness } from "../harness.ts";
import type { JobListener } from "../remote/job-listener.ts";

interface Asked<I, R> {
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  readonly run: (harness: Harness, input: I, parts: JobListener) => Promise<R>;
}

/** Nothing of the output is missing from its schema: zod strips what it does not know. */
export async function askOverJson<I, R>(operation: Asked<I, R>, harness: Harness, input: I): Promise<R> {
  const given = operation.input.parse(plain(input));
  expect(given).toStrictEqual(plain(input));
  const said = plain(await operation.run(harness, given as I, {}));
  expect(operation.output.parse(said)).toStrictEqual(said);
  return said;
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

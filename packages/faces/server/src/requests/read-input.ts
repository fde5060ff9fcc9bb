/** Reads the input of an operation out of a request. */
import type { AnyOperation } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Context } from "hono";
import { z } from "zod";
import { readJson } from "./read-json.ts";
import { readQuery, readText } from "./read-query.ts";
import { refuseBrokenText } from "./refuse-broken-text.ts";

/** Reads and checks; made once for each operation. */
export type InputReader = (context: Context) => Promise<object>;

/**
 * A field that the operation does not know is refused: a newer client may have meant something by it.
 *
 * @throws HarnessError `input-malformed` when a request does not fit.
 */
export function inputReader(operation: AnyOperation): InputReader {
  const { shape } = operation.input;
  const names = pathNames(operation.path);
  const schema = operation.input.strict();
  return async (context) => {
    const said =
      operation.method === "GET"
        ? readQuery(without(shape, names), new URL(context.req.url).searchParams)
        : await readBody(context);
    const fields: Record<string, unknown> = { ...said };
    for (const name of names) {
      const kind = shape[name];
      const text = context.req.param(name) ?? "";
      fields[name] = kind === undefined ? text : readText(kind, text, name);
    }
    refuseBrokenText(fields);
    const read = schema.safeParse(fields);
    if (read.success) return read.data;
    throw new HarnessError("input-malformed", `${operation.name}: ${problemsOf(read.error)}.`);
  };
}

/** The names in a path that stand for fields. */
export function pathNames(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

function without<T>(shape: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name)));
}

async function readBody(context: Context): Promise<object> {
  const text = await context.req.text();
  if (text === "") return {};
  const body = readJson(text, "The body");
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new HarnessError("input-malformed", "The body is no JSON object; send the fields in one.");
}

/** As many as help. */
const TOLD = 5;

function problemsOf({ issues }: z.core.$ZodError): string {
  const told = issues.slice(0, TOLD).map(({ path, message }) => {
    const place = z.core.toDotPath(path);
    return place === "" ? message : `${place}: ${message}`;
  });
  return issues.length > TOLD ? `${told.join("; ")}; and ${issues.length - TOLD} more` : told.join("; ");
}

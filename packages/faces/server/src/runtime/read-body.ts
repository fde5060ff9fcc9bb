/** Reads a small JSON body, bounded in size and depth. */
import { HarnessError } from "@colophon/kernel";
import type { Context } from "hono";
import { readJson } from "../requests/read-json.ts";
import type { RuntimeEnv } from "./add-runtime-routes.ts";
import { unpackedBody } from "./unpacked-body.ts";

/**
 * @param limit bytes at most.
 * @throws HarnessError `too-large` or `input-malformed`.
 */
export async function readBody(context: Context<RuntimeEnv>, limit: number): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  const onBytes = (): void => undefined;
  for await (const piece of unpackedBody(context.req.raw, { limit, onBytes })) pieces.push(piece);
  return readJson(textOf(Buffer.concat(pieces)), "The body");
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HarnessError("input-malformed", "The body is no text in UTF-8; send JSON.", { cause });
  }
}

/** Builds the durable record of a call's start. */
import { type ExecutionId, type ExecutionStart, hashText, type IdSource } from "@colophon/kernel";
import { aText } from "./a-text.ts";

export function aStart(ids: IdSource, fields: Partial<ExecutionStart> = {}): ExecutionStart {
  return {
    id: ids.next() as ExecutionId,
    prompt: "support.triage",
    version: 1,
    hash: hashText(aText()),
    environment: "production",
    ...fields,
  };
}

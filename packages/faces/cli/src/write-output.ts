/** Writes what a command was asked to put into a file. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { HarnessError } from "@colophon/kernel";
import type { CliIo } from "./cli-io.ts";

/** @throws HarnessError `usage` where nothing can be written. */
export function writeOutput(io: Pick<CliIo, "cwd">, file: string, text: string): void {
  try {
    writeFileSync(resolve(io.cwd, file), text);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("usage", `${file} cannot be written (${code}); name another file.`, { cause });
  }
}

/** Reads the file of `--prices`, and that of `prices set`. */
import type { PriceText } from "@colophon/harness";
import type { CliIo } from "./cli-io.ts";
import { readText } from "./read-document.ts";

/** The text with the name that messages call it by. @throws HarnessError `input-malformed`. */
export async function readPriceFile(file: string, io: CliIo): Promise<PriceText> {
  return { file: file === "-" ? "standard input" : file, text: await readText(file, io) };
}

/** The same for a flag that need not be given. */
export async function readPriceFlag(file: string | undefined, io: CliIo): Promise<PriceText | undefined> {
  return file === undefined ? undefined : readPriceFile(file, io);
}

/** Reads a password: never from an argument, which others see in the list of processes. */
import type { Cli } from "../cli.ts";
import { readText } from "../read-document.ts";

/** From COLOPHON_PASSWORD, else from standard input, without the end of its line. */
export async function readPassword({ io }: Cli): Promise<string> {
  return io.env.COLOPHON_PASSWORD || (await readText("-", io)).replace(/\r?\n$/, "");
}

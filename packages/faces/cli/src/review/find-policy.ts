/** Finds and reads a team's policy for reviews. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readReviewPolicy } from "@colophon/harness";
import type { CliIo } from "../cli-io.ts";
import { parseText, readText } from "../read-document.ts";

export const POLICY_FILE = "colophon.review.yaml";

export interface FoundPolicy {
  readonly file: string;
  /** As it is written, parsed. */
  readonly value: unknown;
}

/**
 * The file that is named, else the nearest `colophon.review.yaml` upward; null for none.
 *
 * @throws HarnessError `input-malformed`, naming the file.
 */
export async function findPolicy(io: CliIo, named: string | undefined): Promise<FoundPolicy | null> {
  const file = named ?? nearest(io.cwd);
  if (file === null) return null;
  const value = parseText(await readText(file, io), file);
  // Refused here, where the file has a name.
  readReviewPolicy(value, file);
  return { file, value };
}

function nearest(folder: string): string | null {
  const file = join(resolve(folder), POLICY_FILE);
  if (existsSync(file)) return file;
  const parent = dirname(resolve(folder));
  return parent === resolve(folder) ? null : nearest(parent);
}

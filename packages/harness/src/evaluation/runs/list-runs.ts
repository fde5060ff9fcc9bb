/** Lists the recorded runs of a prompt. */
import type { RunData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

/** Oldest first. */
export async function listRuns(harness: Harness, key: string): Promise<readonly RunData[]> {
  const records = await harness.records.listRecords({ key, kinds: ["run"] });
  return records.flatMap((record) => (record.kind === "run" ? [record.data] : []));
}

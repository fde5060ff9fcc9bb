/** Gathers what a prompt brings to the gate: evidence and approvals out of the log, the project's members, and a written exception. */
import type { GatePass } from "@colophon/delivery";
import type { Harness } from "./harness.ts";

export async function gatePass(harness: Harness, key: string, breakGlass: string | null): Promise<GatePass> {
  const records = await harness.records.listRecords({ key, kinds: ["evidence", "approval"] });
  const evidence = records.flatMap((record) => (record.kind === "evidence" ? [record.data] : []));
  const approvals = records.flatMap((record) =>
    record.kind === "approval" ? [{ ...record.data, by: record.by }] : [],
  );
  const members = (await harness.members?.()) ?? null;
  return { evidence, approvals, members, breakGlass };
}

/** Gathers what a prompt brings to the gate: reviews, evidence and approvals out of the log, the project's members, and a written exception. */
import type { GatePass } from "@colophon/delivery";
import { errorCodeOf } from "@colophon/kernel";
import { type GatedVersions, reviewsForGate } from "./authoring/review/gate-reviews.ts";
import type { Harness } from "./harness.ts";

export interface GateAsked extends GatedVersions {
  /** Why the version has to be served without evidence. */
  readonly breakGlass?: string | null;
  /** Whether somebody only looks: then a review that is missing is made and not recorded. */
  readonly isLook: boolean;
}

export async function gatePass(harness: Harness, asked: GateAsked): Promise<GatePass> {
  const { key, breakGlass = null, isLook } = asked;
  const reviews = await unlessRefused(() => reviewsForGate(harness, asked, { keep: !isLook }));
  const records = await harness.records.listRecords({ key, kinds: ["evidence", "approval"] });
  const evidence = records.flatMap((record) => (record.kind === "evidence" ? [record.data] : []));
  const approvals = records.flatMap((record) =>
    record.kind === "approval" ? [{ ...record.data, by: record.by }] : [],
  );
  const members = (await harness.members?.()) ?? null;
  return { evidence, approvals, reviews: reviews ?? [], members, breakGlass };
}

/** What cannot be reviewed lacks a review, which the gate says; it keeps nothing else from being decided. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

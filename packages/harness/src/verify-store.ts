/** Holds the store against its chains, seals and hashes, and against heads that were kept outside. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Anchor, HarnessError, type Seal, type VerifyReport, type WriterHead } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface VerifyResult extends VerifyReport {
  readonly ok: boolean;
  /** What became of the anchor's file; null when none was named. */
  readonly anchor: "written" | "renewed" | "kept" | null;
}

/**
 * Never writes into the store. An anchor's file is written when it is absent, and renewed only when
 * everything held.
 *
 * @throws HarnessError `input-malformed` for a file that is no anchor.
 * @example
 * const { ok, findings } = await verifyStore(harness, { anchor: "colophon-anchor.json" });
 */
export async function verifyStore(
  harness: Harness,
  options: { readonly anchor?: string } = {},
): Promise<VerifyResult> {
  const file = options.anchor;
  const before = file === undefined ? undefined : readAnchor(file);
  const report = await harness.care.verify(before === undefined ? {} : { anchor: before });
  const ok = report.findings.length === 0;
  if (file === undefined) return { ...report, ok, anchor: null };
  if (!ok) return { ...report, ok, anchor: "kept" };
  writeAnchor(file, await harness.care.anchor());
  return { ...report, ok, anchor: before === undefined ? "written" : "renewed" };
}

/**
 * Seals all heads now; undefined when nothing moved since the last seal.
 *
 * @example
 * const seal = await sealStore(harness);
 */
export function sealStore(harness: Harness): Promise<Seal | undefined> {
  return harness.care.seal();
}

function readAnchor(file: string): Anchor | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new HarnessError("input-malformed", `The anchor ${file} cannot be read; give a file that can.`, {
      cause,
    });
  }
  const anchor = parse(text);
  if (anchor === undefined) {
    throw new HarnessError(
      "input-malformed",
      `${file} is no anchor of \`colophon verify --anchor\`; name another file, or remove it to write a new one.`,
    );
  }
  return anchor;
}

function parse(text: string): Anchor | undefined {
  try {
    const value = JSON.parse(text) as Partial<Anchor> | null;
    const well = value?.format === 1 && isSeal(value.seal) && isHeads(value.heads);
    return well ? (value as Anchor) : undefined;
  } catch {
    return undefined;
  }
}

/** Of the seal its place and its link are held against the store; the rest is under the link. */
function isSeal(seal: Partial<Seal> | null | undefined): boolean {
  return typeof seal?.seq === "number" && typeof seal.chain === "string";
}

function isHeads(heads: unknown): boolean {
  if (!Array.isArray(heads)) return false;
  return (heads as readonly (Partial<WriterHead> | null)[]).every(
    (head) =>
      typeof head?.writer === "string" &&
      typeof head.executions === "number" &&
      typeof head.executionChain === "string" &&
      typeof head.outcomes === "number" &&
      typeof head.outcomeChain === "string",
  );
}

/** Beside, then over: a killed process leaves the old anchor whole. */
function writeAnchor(file: string, anchor: Anchor): void {
  const beside = `${file}.new`;
  try {
    writeFileSync(beside, `${JSON.stringify(anchor, null, 2)}\n`);
    renameSync(beside, file);
  } catch (cause) {
    throw new HarnessError("usage", `The anchor ${file} cannot be written; name a place that can.`, {
      cause,
    });
  }
}

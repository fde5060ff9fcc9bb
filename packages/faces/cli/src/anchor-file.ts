/** The file of `verify --anchor`: heads that are kept outside of the store. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Anchor, HarnessError, type Seal, type WriterHead } from "@colophon/kernel";

/**
 * Null where no such file is there yet.
 *
 * @throws HarnessError `input-malformed` for a file that is no anchor.
 */
export function readAnchor(file: string): Anchor | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
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

/**
 * Beside, then over: a killed process leaves the old anchor whole.
 *
 * @throws HarnessError `usage` for a place that cannot be written to.
 */
export function writeAnchor(file: string, anchor: Anchor): void {
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

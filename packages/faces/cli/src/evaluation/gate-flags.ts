/** The flags of all commands that ask the gate: what a challenger is held to. */
import { GATE_MODES, type GateMode, type GateOptions, GUARD_NAMES } from "@colophon/harness";
import { HarnessError, RISKS, type Risk } from "@colophon/kernel";
import type { Command } from "commander";
import { wholeNumber } from "../read-flags.ts";

export interface GateFlags {
  readonly margin?: string;
  readonly alpha?: string;
  readonly mode?: string;
  readonly risk?: string;
  readonly blocking?: string;
  readonly require?: string;
  readonly guard?: readonly string[];
  readonly minimum?: string;
}

export function withGateFlags(command: Command): Command {
  return command
    .option("--margin <loss>", "the loss of mean score that is tolerated; by the risk when left out")
    .option("--alpha <level>", "one-sided level of each test (0.05 unless given)")
    .option("--mode <mode>", `${GATE_MODES.join(", ")} (noninferiority unless given)`)
    .option("--blocking <slices>", "slices that can block by themselves, with commas between them")
    .option("--require <metrics>", "metrics that every answer must have a score of, with commas between them")
    .option("--guard <name=limit...>", `the most of ${GUARD_NAMES.join(", ")}; \`off\` turns one off`)
    .option("--minimum <cases>", "fewest paired cases to ship on (10 unless given)");
}

/** Ranges are the gate's own to check. @throws HarnessError `usage`. */
export function readGateFlags(flags: GateFlags): GateOptions {
  const { margin, alpha, mode, risk, blocking, require, minimum } = flags;
  return {
    ...(margin !== undefined && { margin: decimal(margin, "--margin") }),
    ...(alpha !== undefined && { alpha: decimal(alpha, "--alpha") }),
    ...(mode !== undefined && { mode: oneOf<GateMode>(mode, GATE_MODES, "--mode") }),
    ...(risk !== undefined && { risk: oneOf<Risk>(risk, RISKS, "--risk") }),
    ...(minimum !== undefined && { minimumCases: wholeNumber(minimum, "--minimum", 2) }),
    blockingSlices: names(blocking),
    requiredMetrics: names(require),
    guards: Object.fromEntries((flags.guard ?? []).map(guardLimit)),
  };
}

/** @throws HarnessError `usage`. */
export function decimal(text: string, flag: string): number {
  if (/^\d*\.?\d+$/.test(text)) return Number(text);
  throw new HarnessError("usage", `${flag} takes a number such as 0.03, not "${text}".`);
}

/** @throws HarnessError `usage`. */
export function oneOf<T extends string>(text: string, known: readonly T[], flag: string): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new HarnessError("usage", `${flag} ${text} is unknown; give one of ${known.join(", ")}.`);
}

function guardLimit(text: string): readonly [string, number | null] {
  const [, name = "", limit = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === "") {
    throw new HarnessError("usage", `--guard takes a name and a limit such as cost=1.5, not "${text}".`);
  }
  return [oneOf(name, GUARD_NAMES, "--guard"), limit === "off" ? null : decimal(limit, "--guard")];
}

function names(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Turns whatever was thrown into one sentence on stderr and an exit code. */
import { type ErrorCode, errorCodeOf, type HarnessError } from "@colophon/kernel";
import { CommanderError } from "commander";
import type { CliIo } from "./cli-io.ts";

const USAGE = 2;
const UNAVAILABLE = 5;
/** EX_SOFTWARE of sysexits.h: a fault of ours, not of the person or the store. */
const BUG = 70;

/** What the gate refuses is a verdict, not a mistake of the person who asked. */
const VERDICTS: readonly ErrorCode[] = ["evidence-missing"];

/** @returns the exit code. */
export function reportError(error: unknown, io: CliIo, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // Commander has shown its help in place of an error already.
  if (error instanceof CommanderError && error.code === "commander.help") return USAGE;
  const { code, message, exit } = describe(error);
  io.stderr.write(`${message}\n`);
  if (json) io.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`);
  return exit;
}

interface Described {
  readonly code: string;
  readonly message: string;
  readonly exit: number;
}

function describe(error: unknown): Described {
  if (error instanceof CommanderError) {
    return { code: "usage", message: usageSentence(error.message), exit: USAGE };
  }
  const code = errorCodeOf(error);
  if (code !== undefined) {
    return { code, message: oneSentence((error as HarnessError).message), exit: exitOf(code) };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = `Colophon has met a fault of its own (${oneLine(what)}); please report it with the command you ran.`;
  return { code: "bug", message, exit: BUG };
}

function exitOf(code: ErrorCode): number {
  if (code.startsWith("store-")) return UNAVAILABLE;
  return VERDICTS.includes(code) ? 1 : USAGE;
}

/** Commander's own words, as a sentence of ours. */
function usageSentence(text: string): string {
  const [first = "", ...rest] = text.replace(/^error: /, "").split("\n");
  const hint = /Did you mean (.+)\?\)?$/.exec(rest.join(" "))?.[1];
  const said = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, "");
  return hint === undefined
    ? `${said}; \`colophon --help\` shows what there is.`
    : `${said}; did you mean ${hint}?`;
}

/** A list of problems becomes one line. */
function oneSentence(text: string): string {
  return oneLine(text.replaceAll(/\n- /g, " "));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

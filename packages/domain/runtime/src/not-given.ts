/** The error of whatever asks for a part that `open` was not given: which import has it, and how it is passed. */
import { type ErrorCode, HarnessError, say, words } from "@colophon/kernel";

/** What subpaths of the package have, by which name, and how that is passed; any other has the wire of its client. */
const PARTS: Readonly<Record<string, readonly [what: string, name: string, passed: string]>> = {
  recorder: ["the recorder", "recorder", "recorder"],
  fallback: ["a fallback", "modelFallback", "fallback: modelFallback()"],
  telemetry: ["spans", "openTelemetry", "telemetry: openTelemetry()"],
};

/** @param asker what cannot be done without it. */
export function notGiven(subpath: string, asker: string, code: ErrorCode = "usage"): HarnessError {
  const about = (at: 0 | 1 | 2): string => (PARTS[subpath] ?? ["a wire", subpath, `wires: [${subpath}]`])[at];
  return new HarnessError(
    code,
    say`${asker} needs ${words(() => about(0))} that open() was not given here; import { ${words(() => about(1))} } from "colophon/${subpath}" and pass ${words(() => about(2))} to open().`,
  );
}

/** Writes a report where it is wanted, in the format that is wanted. */
import {
  REPORT_FORMATS,
  type Report,
  type ReportFormat,
  renderReport,
  type TextStyle,
} from "@colophon/harness";
import pc from "picocolors";
import type { Cli, GlobalFlags, Paint } from "../cli.ts";
import { writeOutput } from "../write-output.ts";
import { oneOf } from "./gate-flags.ts";

export interface ReportFlags extends GlobalFlags {
  readonly format?: string;
  readonly output?: string;
}

export interface ReportToWrite {
  readonly report: Report;
  /** What `json` writes. */
  readonly answer: unknown;
  readonly format: ReportFormat;
}

/** Read before anything is run, so that a typing error costs nothing. @throws HarnessError `usage`. */
export function reportFormat({ format, json }: ReportFlags): ReportFormat {
  if (format === undefined) return json === true ? "json" : "table";
  return oneOf<ReportFormat>(format, REPORT_FORMATS, "--format");
}

export function writeReport(cli: Cli, flags: ReportFlags, { report, answer, format }: ReportToWrite): void {
  // A file is no terminal, whatever stdout is.
  const style = textStyle(flags.output === undefined ? cli.paint : pc.createColors(false));
  const text = renderReport(report, { format, answer, style });
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (flags.output === undefined) {
    cli.io.stdout.write(whole);
    return;
  }
  writeOutput(cli.io, flags.output, whole);
  cli.say(`${report.title}: ${report.state}; the report is in ${flags.output}`);
}

/** How a report is painted. */
export function textStyle(paint: Paint): TextStyle {
  return {
    bold: paint.bold,
    dim: paint.dim,
    state(text, state) {
      if (state === "ship" || state === "done") return paint.green(text);
      return state === "block" || state === "invalid" ? paint.red(text) : paint.yellow(text);
    },
  };
}

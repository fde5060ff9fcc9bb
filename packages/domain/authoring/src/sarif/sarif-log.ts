/** Writes findings as SARIF 2.1.0, which code hosts show beside the lines that they are about. */

export type SarifLevel = "error" | "warning" | "note";

/** What looked. */
export interface SarifTool {
  readonly name: string;
  readonly version?: string;
  /** Where its rules are described. */
  readonly informationUri?: string;
}

export interface SarifRule {
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  /** How to mend what it finds. */
  readonly help?: string;
  readonly level: SarifLevel;
}

/** Somebody has accepted the result. */
export interface SarifSuppression {
  /** `external`: in a file of its own; `inSource`: in a comment. */
  readonly kind: "external" | "inSource";
  readonly reason: string;
}

export interface SarifResult {
  readonly rule: string;
  readonly level: SarifLevel;
  readonly message: string;
  /** With `/` between folders, relative to the root of the repository; null for what is in no file. */
  readonly file: string | null;
  /** From 1 on; null for the file as a whole. */
  readonly line: number | null;
  readonly endLine?: number | null;
  /** From 1 on, in UTF-16 units. */
  readonly column?: number;
  /** Of the place after the last character. */
  readonly endColumn?: number;
  /** What it is about, in words, where it is in no file. */
  readonly about?: string;
  /** The same for the same finding, wherever its lines have moved to. */
  readonly fingerprint: string;
  readonly suppressions?: readonly SarifSuppression[];
  /** Whether a baseline has it; absent without one. */
  readonly baseline?: "new" | "unchanged";
  /** From 0 to 100: how sure it is. */
  readonly rank?: number;
  /** Other places that it is about. */
  readonly related?: readonly SarifRelated[];
}

export interface SarifRelated {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly message: string;
}

export interface SarifInput {
  readonly tool: SarifTool;
  /** Rules that results name beyond these are added by their ids alone. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
}

/** Of our fingerprints; another way of taking them needs another name. */
const FINGERPRINT = "colophon/v1";

/**
 * A SARIF log of one run.
 *
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.13 to 3.35.
 *
 * @example
 * JSON.stringify(sarifLog({ tool: { name: "colophon review" }, rules: [], results: [] }));
 */
export function sarifLog({ tool, rules, results }: SarifInput) {
  const known = new Set(rules.map(({ id }) => id));
  const others = [...new Set(results.map(({ rule }) => rule))].filter((id) => !known.has(id));
  const ids = [...known, ...others];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { ...tool, rules: [...rules.map(ruleOf), ...others.map((id) => ({ id }))] } },
        columnKind: "utf16CodeUnits",
        results: results.map((result) => resultOf(result, ids.indexOf(result.rule))),
      },
    ],
  } as const;
}

function ruleOf({ id, summary, help, level }: SarifRule) {
  return {
    id,
    shortDescription: { text: summary },
    ...(help === undefined ? {} : { help: { text: help } }),
    defaultConfiguration: { level },
  };
}

function resultOf(result: SarifResult, ruleIndex: number) {
  const { rule, level, message, fingerprint, baseline, rank, suppressions = [], related = [] } = result;
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: message },
    locations: [locationOf(result)],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    ...(baseline === undefined ? {} : { baselineState: baseline }),
    ...(rank === undefined ? {} : { rank }),
    ...(related.length === 0 ? {} : { relatedLocations: related.map(relatedOf) }),
    ...(suppressions.length === 0
      ? {}
      : {
          suppressions: suppressions.map(({ kind, reason }) => ({
            kind,
            status: "accepted",
            justification: reason,
          })),
        }),
  };
}

function relatedOf(related: SarifRelated, id: number) {
  const { file, line, endLine, message } = related;
  return {
    id,
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, endLine } },
    message: { text: message },
  };
}

function locationOf({ file, line, endLine = null, about, ...columns }: SarifResult) {
  if (file === null) return { logicalLocations: [{ fullyQualifiedName: about ?? "" }] };
  const { column, endColumn } = columns;
  const region =
    line === null
      ? {}
      : {
          region: {
            startLine: line,
            ...(column === undefined ? {} : { startColumn: column }),
            ...(endLine === null ? {} : { endLine }),
            ...(endColumn === undefined ? {} : { endColumn }),
          },
        };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } };
}

/** A relative reference: what has a meaning in addresses is escaped, a folder stays a folder. */
function uriOf(file: string): string {
  return file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}

/** `colophon diff`: two texts of a prompt for people: versions, what is live, or files as git has them. */
import {
  type AskedSide,
  type CompareRequest,
  type Comparison,
  comparePrompt,
  comparePromptFiles,
  fileAtCommit,
  type House,
  promptChanges,
  promptFileValue,
  versionNumber,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { comparisonMarkdown } from "../diff/comparison-markdown.ts";
import { comparisonText } from "../diff/comparison-text.ts";
import { oneOf } from "../evaluation/gate-flags.ts";
import { hasStore } from "../has-store.ts";
import { parseText, readPromptValue } from "../read-document.ts";
import { keyAlone } from "../read-flags.ts";
import { findPolicy } from "../review/find-policy.ts";
import { writeOutput } from "../write-output.ts";

interface DiffFlags extends GlobalFlags {
  readonly changed?: string;
  readonly policy?: string;
  readonly format?: string;
  readonly output?: string;
}

type DiffFormat = "table" | "json" | "markdown";
const FORMATS: readonly DiffFormat[] = ["table", "json", "markdown"];
const FILE = /\.(?:prompt|ya?ml|json)$/i;

export function addDiff(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "diff [targets...]",
    summary: "compare two versions, what is live in two environments (--env A..B), or a file with what was",
    example: [
      "colophon diff support.triage v3 v4",
      "colophon diff support.triage --env staging..production",
      "colophon diff prompts/support/triage.prompt",
      "colophon diff --changed origin/main --format markdown",
    ].join("\n"),
  })
    .option("--changed <base>", "each prompt file that differs from this commit, as git has it")
    .option(
      "--policy <file>",
      "rules of your own for the review (else the nearest colophon.review.yaml upward)",
    )
    .option("--format <format>", "table, json or markdown (table unless --json)")
    .option("-o, --output <file>", "write there instead of to stdout")
    .action(async (targets: readonly string[], _options: object, command: Command) => {
      const flags = flagsOf<DiffFlags>(command);
      const format = formatOf(flags);
      const asked = await askedOf(cli, targets, flags);
      const policy = (await findPolicy(cli.io, flags.policy))?.value ?? null;
      const requests = asked.requests.map((request) => ({ ...request, policy }));
      if (!asked.needsStore && !hasStore(cli, flags)) {
        const { clock } = cli.io;
        const comparisons = await Promise.all(requests.map((one) => comparePromptFiles(one, clock)));
        write(cli, flags, { comparisons, heading: null, format });
        return;
      }
      await cli.ask(flags, async (house) => {
        const comparisons: Comparison[] = [];
        for (const request of requests) comparisons.push(await comparePrompt(house, request));
        write(cli, flags, { comparisons, heading: headingOf(cli, house, flags), format });
      });
    });
}

function formatOf({ format, json }: DiffFlags): DiffFormat {
  if (format === undefined) return json === true ? "json" : "table";
  if (json === true && format !== "json")
    throw new HarnessError("usage", `--json and --format ${format} are given at once; take one of them.`);
  return oneOf<DiffFormat>(format, FORMATS, "--format");
}

interface Asked {
  readonly requests: readonly CompareRequest[];
  /** Whether a store has one of the sides. */
  readonly needsStore: boolean;
}

async function askedOf(cli: Cli, targets: readonly string[], flags: DiffFlags): Promise<Asked> {
  const [first, ...others] = targets;
  const environment = cli.namedEnvironment(flags) ?? null;
  if (flags.changed !== undefined) {
    if (first !== undefined) throw twoSides("--changed takes no other targets");
    const { prompts } = await promptChanges(cli.io.cwd, flags.changed);
    const [broken] = prompts.filter(({ problem }) => problem !== null);
    if (broken?.problem != null) throw new HarnessError("prompt-invalid", broken.problem);
    const requests = prompts
      .filter(({ before, after }) => before !== null || after !== null)
      .map(({ key, before, after }) => ({
        key,
        before: fileSide(before),
        after: fileSide(after),
        environment,
      }));
    return { requests, needsStore: false };
  }
  if (first === undefined) throw twoSides("Nothing is named");
  if (FILE.test(first)) return askedOfFile(cli, first, { others, environment, flags });
  const [before, after] = readSides(others, flags.env);
  const cost = environment?.includes("..") === true ? null : environment;
  return { requests: [{ key: keyAlone(first), before, after, environment: cost }], needsStore: true };
}

function fileSide(source: { readonly file: string; readonly value: unknown } | null): AskedSide | null {
  return source === null ? null : { kind: "file", file: source.file, value: source.value };
}

/** Against a commit, else what the registry has, else the last commit. */
async function askedOfFile(
  cli: Cli,
  file: string,
  {
    others,
    environment,
    flags,
  }: { readonly others: readonly string[]; readonly environment: string | null; readonly flags: DiffFlags },
): Promise<Asked> {
  const [commit, more] = others;
  if (more !== undefined) throw twoSides(`${file} is compared with one commit`);
  const value = await readPromptValue(file, cli.io);
  const after: AskedSide = { kind: "file", file, value };
  const key = keyOf(value);
  if (commit === undefined && hasStore(cli, flags)) {
    const before: AskedSide = { kind: "current", environment };
    return { requests: [{ key, before, after, environment }], needsStore: true };
  }
  const before = await sideAt(cli, { file, key, commit: commit ?? "HEAD" });
  return { requests: [{ key, before, after, environment }], needsStore: false };
}

interface FileThen {
  readonly file: string;
  readonly key: string;
  readonly commit: string;
}

async function sideAt(cli: Cli, { file, key, commit }: FileThen): Promise<AskedSide | null> {
  const source = await fileAtCommit(cli.io.cwd, { file, commit });
  if (source === null) return null;
  const name = `${file} at ${commit}`;
  const value = file.endsWith(".prompt")
    ? promptFileValue({ source, file: name, key })
    : parseText(new TextDecoder().decode(source), file);
  return { kind: "file", file: name, value };
}

function keyOf(value: unknown): string {
  const key = typeof value === "object" && value !== null && "key" in value ? value.key : undefined;
  if (typeof key === "string") return key;
  throw new HarnessError("prompt-invalid", "The file says no key of a prompt; write one into it.");
}

function readSides(
  [before, after]: readonly (string | undefined)[],
  env: string | undefined,
): readonly [AskedSide, AskedSide] {
  const [one, other, more] = (env ?? "").split("..");
  if (before !== undefined && after !== undefined && other === undefined) {
    return [
      { kind: "version", version: versionNumber(before) },
      { kind: "version", version: versionNumber(after) },
    ];
  }
  if (before === undefined && one && other && more === undefined) {
    return [
      { kind: "live", environment: one },
      { kind: "live", environment: other },
    ];
  }
  throw new HarnessError(
    "usage",
    "Two sides are needed; give either two versions such as v3 v4, or --env staging..production.",
  );
}

function twoSides(why: string): HarnessError {
  return new HarnessError(
    "usage",
    `${why}: give KEY v3 v4, KEY --env staging..production, FILE, FILE COMMIT, or --changed BASE.`,
  );
}

function headingOf(cli: Cli, house: House, flags: DiffFlags): string {
  return cli.heading(house, cli.namedEnvironment(flags) ?? null);
}

interface ToWrite {
  readonly comparisons: readonly Comparison[];
  readonly heading: string | null;
  readonly format: DiffFormat;
}

function write(cli: Cli, { output, changed }: DiffFlags, { comparisons, heading, format }: ToWrite): void {
  const text = {
    // One comparison is one document, those of a branch are a list.
    json: () => comparisons.map((one) => `${JSON.stringify(one)}\n`).join(""),
    markdown: () => comparisons.map((one) => comparisonMarkdown(one)).join("\n"),
    table: () =>
      [
        ...(heading === null ? [] : [heading]),
        ...(comparisons.length === 0 ? [`No prompt file differs from ${changed}.`] : []),
        comparisons.map((one) => comparisonText(one, cli.paint)).join("\n\n"),
        "",
      ].join("\n"),
  }[format]();
  if (output === undefined) cli.io.stdout.write(text);
  else writeOutput(cli.io, output, text);
}

/** `colophon import`: takes prompts over from other tools, and rows into the ledger that a runtime without a store sent elsewhere. */
import {
  findPromptFolder,
  IMPORT_SOURCES,
  type ImportReport,
  type ImportSource,
  importEntries,
  importToFiles,
  importToRegistry,
  type LangfuseAddress,
  readEntries,
  readImport,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { importText } from "../import/import-text.ts";
import { readText } from "../read-document.ts";

interface ImportFlags extends GlobalFlags {
  readonly from?: string;
  readonly to: string;
  readonly dir?: string;
  readonly url?: string;
  readonly model?: string;
  readonly releases?: boolean;
  readonly label?: string;
  readonly dryRun?: boolean;
}

export function addImport(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "import [file]",
    summary:
      "take prompts and eval sets over from another tool; without --from, ledger entries that batchSink sent elsewhere (JSON lines, - for standard input)",
    example:
      "colophon import rows.jsonl\ncolophon import old-prompts --from dotprompt\ncolophon import --from langfuse --url https://cloud.langfuse.com --to registry --releases",
  })
    .option("--from <tool>", IMPORT_SOURCES.join(", "))
    .option("--to <where>", "files (prompts/ and evalsets/) or registry (every version, in order)", "files")
    .option("--dir <folder>", "the folder of the prompt files; else the nearest prompts/ upward")
    .option("--url <address>", "the server to ask, with LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY")
    .option("--model <name>", "for prompts that name none")
    .option("--releases", "with --to registry: release what the labels name, through the gate")
    .option(
      "--label <pairs>",
      "environments of labels, as in prod=production,canary=staging; else of one name",
    )
    .option("--dry-run", "say what would come in, and write nothing")
    .action(async (file: string | undefined, _options: object, command: Command) => {
      const flags = flagsOf<ImportFlags>(command);
      if (flags.from === undefined) await importRows(cli, file, flags);
      else await importPrompts(cli, file, flags);
    });
}

async function importRows(cli: Cli, file: string | undefined, flags: GlobalFlags): Promise<void> {
  if (file === undefined) {
    throw new HarnessError("usage", "Nothing is named to import; give a file of rows, or --from TOOL.");
  }
  const entries = readEntries(await readText(file, cli.io), file === "-" ? "standard input" : file);
  await cli.change(flags, async (house) => {
    const imported = await importEntries(house, entries);
    const { stored, duplicates } = imported;
    cli.answer(flags, imported, () => `Took in ${stored} entries; ${duplicates} were there already.`);
  });
}

async function importPrompts(cli: Cli, path: string | undefined, flags: ImportFlags): Promise<void> {
  const source = sourceOf(flags.from);
  const isRegistry = placeOf(flags.to) === "registry";
  const releases = releasesOf(flags, isRegistry);
  const { cwd } = cli.io;
  const imported = await readImport({
    source,
    path: path ?? null,
    cwd,
    model: flags.model ?? null,
    versions: isRegistry ? "all" : "newest",
    langfuse: addressOf(cli, flags, source),
  });
  const { dryRun = false } = flags;
  if (!isRegistry) {
    const folder = findPromptFolder(cwd, flags.dir);
    say(cli, flags, { report: importToFiles({ source, imported, folder, dryRun }), heading: [] });
    return;
  }
  if (dryRun) await cli.ask(flags, (house) => register(house));
  else await cli.change(flags, (house) => register(house));

  async function register(house: Parameters<typeof importToRegistry>[0]): Promise<void> {
    const report = await importToRegistry(house, { source, imported, dryRun, releases });
    say(cli, flags, { report, heading: [cli.heading(house, null)] });
  }
}

interface Saying {
  readonly report: ImportReport;
  readonly heading: readonly string[];
}

function say(cli: Cli, flags: ImportFlags, { report, heading }: Saying): void {
  if (report.left.length > 0) cli.fail();
  cli.answer(flags, report, () =>
    [...heading, importText(report, { paint: cli.paint, dryRun: flags.dryRun ?? false })].join("\n"),
  );
}

function sourceOf(name: string | undefined): ImportSource {
  const source = IMPORT_SOURCES.find((known) => known === name);
  if (source !== undefined) return source;
  throw new HarnessError("usage", `--from takes ${IMPORT_SOURCES.join(", ")}, not "${name}".`);
}

function placeOf(to: string): "files" | "registry" {
  if (to === "files" || to === "registry") return to;
  throw new HarnessError("usage", `--to takes files or registry, not "${to}".`);
}

function releasesOf(
  { releases, label }: ImportFlags,
  isRegistry: boolean,
): ReadonlyMap<string, string> | null | undefined {
  if (releases !== true) {
    if (label === undefined) return undefined;
    throw new HarnessError("usage", "--label says where labels are released; add --releases.");
  }
  if (!isRegistry)
    throw new HarnessError("usage", "Files are not released; add --to registry to --releases.");
  return label === undefined ? null : readLabels(label);
}

function readLabels(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(",").map((pair) => pair.split("=").map((one) => one.trim()));
  const odd = pairs.find((pair) => pair.length !== 2 || pair.includes(""));
  if (odd === undefined) return new Map(pairs as [string, string][]);
  throw new HarnessError("usage", `--label takes pairs such as prod=production, not "${odd.join("=")}".`);
}

function addressOf(cli: Cli, { url }: ImportFlags, source: ImportSource): LangfuseAddress | undefined {
  if (url === undefined) return undefined;
  if (source !== "langfuse")
    throw new HarnessError("usage", `--url is for langfuse; ${source} is read from files.`);
  const { LANGFUSE_PUBLIC_KEY: publicKey = "", LANGFUSE_SECRET_KEY: secretKey = "" } = cli.io.env;
  if (publicKey === "" || secretKey === "") {
    throw new HarnessError(
      "usage",
      "The keys of Langfuse are missing; set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY in the environment.",
    );
  }
  return { url, publicKey, secretKey, signal: cli.io.signal };
}

/** Runs one command line and gives its exit code. */
import { Command } from "commander";
import { Cli } from "./cli.ts";
import type { CliIo } from "./cli-io.ts";
import { addApprove } from "./commands/approve.ts";
import { addAt } from "./commands/at.ts";
import { addAudit } from "./commands/audit.ts";
import { addBatch } from "./commands/batch.ts";
import { addCandidateCommands } from "./commands/candidate.ts";
import { addCi } from "./commands/ci.ts";
import { addCosts } from "./commands/costs.ts";
import { addDiff } from "./commands/diff.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDrill } from "./commands/drill.ts";
import { addEnv } from "./commands/env.ts";
import { addErase } from "./commands/erase.ts";
import { addEval } from "./commands/eval.ts";
import { addEvalset } from "./commands/evalset.ts";
import { addExtract } from "./commands/extract.ts";
import { addGate } from "./commands/gate.ts";
import { addGuards } from "./commands/guards.ts";
import { addImport } from "./commands/import.ts";
import { addInit } from "./commands/init.ts";
import { addJudge } from "./commands/judge.ts";
import { addKey } from "./commands/key.ts";
import { addLedger } from "./commands/ledger.ts";
import { addList } from "./commands/list.ts";
import { addLog } from "./commands/log.ts";
import { addMatrix } from "./commands/matrix.ts";
import { addMember } from "./commands/member.ts";
import { addMetrics } from "./commands/metrics.ts";
import { addMigrateStore } from "./commands/migrate-store.ts";
import { addOutcome } from "./commands/outcome.ts";
import { addOverride } from "./commands/override.ts";
import { addPrices } from "./commands/prices.ts";
import { addProject } from "./commands/project.ts";
import { addTypes } from "./commands/prompt-types.ts";
import { addPull } from "./commands/pull.ts";
import { addPush } from "./commands/push.ts";
import { addRegister } from "./commands/register.ts";
import { addRelease } from "./commands/release.ts";
import { addRender } from "./commands/render.ts";
import { addResolve } from "./commands/resolve.ts";
import { addRetain } from "./commands/retain.ts";
import { addRetire } from "./commands/retire.ts";
import { addReview } from "./commands/review.ts";
import { addRollback } from "./commands/rollback.ts";
import { addRollout } from "./commands/rollout.ts";
import { addScan } from "./commands/scan.ts";
import { addScore } from "./commands/score.ts";
import { addSecret } from "./commands/secret.ts";
import { addServe } from "./commands/serve.ts";
import { addShow } from "./commands/show.ts";
import { addSimulator } from "./commands/simulator.ts";
import { addSnapshot } from "./commands/snapshot.ts";
import { addStatus } from "./commands/status.ts";
import { addStory } from "./commands/story.ts";
import { addVerify } from "./commands/verify.ts";
import { addWatch } from "./commands/watch.ts";
import { addWhoami } from "./commands/whoami.ts";
import { addWithdraw } from "./commands/withdraw.ts";
import { packageVersion } from "./package-version.ts";
import { reportError } from "./report-error.ts";

/** In the order of the help. */
const COMMANDS: readonly ((program: Command, cli: Cli) => void)[] = [
  addInit,
  addEnv,
  addRegister,
  addList,
  addShow,
  addLog,
  addDiff,
  addPush,
  addPull,
  addStatus,
  addTypes,
  addCandidateCommands,
  addReview,
  addCi,
  addApprove,
  addRelease,
  addRollback,
  addRollout,
  addWatch,
  addWithdraw,
  addRetire,
  addOverride,
  addResolve,
  addRender,
  addAt,
  addLedger,
  addOutcome,
  addImport,
  addScan,
  addExtract,
  addEvalset,
  addJudge,
  addEval,
  addGate,
  addMatrix,
  addScore,
  addMetrics,
  addGuards,
  addDrill,
  addCosts,
  addPrices,
  addVerify,
  addDoctor,
  addSnapshot,
  addErase,
  addRetain,
  addMigrateStore,
  addProject,
  addMember,
  addKey,
  addSecret,
  addAudit,
  addWhoami,
  addServe,
  addSimulator,
  addBatch,
  addStory,
];

const INTRO = `Colophon records the edition of every prompt: which text fired, when, for whom, why.

Exit codes: 0 done, 1 a negative verdict, 2 usage or bad input, 3 a gate's inconclusive, 4 its invalid,
5 the store is not available. \`colophon --version\` (-V) prints the version of the package.`;

/** Commands have a `--version` of their own, so this one is no flag of all commands. */
const VERSION_FLAGS: readonly (string | undefined)[] = ["--version", "-V"];

function createProgram(cli: Cli): Command {
  const { io } = cli;
  const program = new Command("colophon")
    .description(INTRO)
    .option(
      "--store <url>",
      "a file, .colophon folder, postgres:// address, or https:// server with COLOPHON_API_KEY (or COLOPHON_STORE); else the nearest .colophon/ upward",
    )
    .option("--env <name>", "environment (or COLOPHON_ENV; else development)")
    .option("--json", "one JSON document on stdout; listings as JSON Lines")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Said by reportError, in one sentence.
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true });
  for (const add of COMMANDS) add(program, cli);
  return program;
}

/** `argv` without the names of node and script. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const cli = new Cli(io);
  const program = createProgram(cli);
  if (argv.length === 0) {
    io.stdout.write(program.helpInformation());
    return 0;
  }
  if (VERSION_FLAGS.includes(argv[0])) {
    io.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return cli.exitCode;
  } catch (error) {
    return reportError(error, io, argv.includes("--json"));
  }
}

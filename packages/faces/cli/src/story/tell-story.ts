/** Tells the life of one prompt on a temporary store, from the numbers of this very run. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  answerAt,
  type Harness,
  listLedger,
  registerPrompt,
  releaseVersion,
  setOverride,
  verifyStore,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import { type SupportTicket, ticketCorpus } from "@colophon/simulator";
import type { Cli } from "../cli.ts";
import { describeAt } from "../commands/at.ts";
import { playCanary, until } from "./canary-chapter.ts";
import { countVersions, numbersTable, type VersionNumbers } from "./count-versions.ts";
import { type Application, type ServedTicket, serveTickets } from "./serve-tickets.ts";
import { STORY_KEY, storyFile, triage } from "./story-prompt.ts";

export interface StoryParts {
  readonly cli: Cli;
  readonly harness: Harness;
  readonly application: Application;
  readonly seed: number;
  readonly say: (text: string) => void;
}

export interface StoryEnd {
  readonly numbers: readonly VersionNumbers[];
  readonly rolledBack: {
    readonly from: number;
    readonly to: number;
    /** False where the tickets were too few for the guard, and a person ended the rollout. */
    readonly byItself: boolean;
    readonly alert: string | null;
    readonly followedMs: number;
  };
  readonly at: {
    readonly time: string;
    readonly user: string;
    readonly served: number | null;
    readonly released: number | null;
  };
  readonly verified: boolean;
}

const ENVIRONMENT = "production";
const TICKETS = 60;
/** Where the guard needs more, a person ends the rollout. */
const MOST_IN_CANARY = 300;
const AFTERWARDS = 30;
const TRIAL_USER = "ada";
const TRIAL_TYPE = "email";

export async function tellStory(parts: StoryParts): Promise<StoryEnd> {
  const { cli, harness, application, say } = parts;
  const { paint } = cli;
  const tickets = ticketCorpus(parts.seed, TICKETS + MOST_IN_CANARY + AFTERWARDS);
  const chapter = chapters(parts);
  const served: ServedTicket[] = [];
  const serve = async (batch: readonly SupportTicket[]): Promise<void> => {
    served.push(...(await serveTickets(application, batch)));
    await application.colophon.flush();
  };

  await chapter("A prompt in the code becomes a version, and the version is released");
  await application.colophon.flush();
  const first = await releaseVersion(harness, release(1, "first release"));
  await follow(application, first.version);
  say(`${STORY_KEY}@v${first.version} is live in ${ENVIRONMENT}; the application was not restarted.`);
  await serve(tickets.slice(0, TICKETS));
  say(`${TICKETS} tickets were labelled. What the ledger says of them:`);
  say(numbersTable(await numbers(harness, served), paint));

  await chapter("A better text is tried on one user and on one type of document");
  const second = await register(harness, "exemplified", "adds examples");
  await tryOn(harness, second, { kind: "user", value: TRIAL_USER });
  await tryOn(harness, second, { kind: "documentType", value: TRIAL_TYPE });
  await followOverride(application, second);
  say(
    `${TRIAL_USER}, and everybody who writes an ${TRIAL_TYPE}, is served v${second}; all others stay on v1.`,
  );

  await chapter("Somebody tidies the text up, and it goes out by stages");
  const third = await register(harness, "worse", "shorter wording");
  const coming = tickets.slice(TICKETS);
  const exposed = coming.slice(0, MOST_IN_CANARY);
  const canary = await playCanary({ harness, application, version: third, tickets: exposed, say, paint });
  served.push(...canary.served);

  await chapter("It was put back before anybody looked");
  say(`v${third} → v1; the running application followed after ${canary.followedMs} ms, without a deploy.`);
  await serve(coming.slice(canary.served.length).slice(0, AFTERWARDS));
  const numbersThen = await numbers(harness, served);
  say(numbersTable(numbersThen, paint));
  say(verdict(numbersThen, third));

  await chapter("What was the prompt at that minute for that user, and why?");
  const asked = await askAt(parts, served, third);
  const verified = await verifyStore(harness);
  say("");
  say(
    verified.ok
      ? paint.green(
          `verify: ${verified.executions} calls, ${verified.outcomes} outcomes and ${verified.records} records are as they were written.`,
        )
      : paint.red(`verify: ${verified.findings.length} finding(s).`),
  );
  const { alert, followedMs } = canary;
  const rolledBack = { from: third, to: 1, byItself: alert !== null, alert, followedMs };
  return { numbers: await numbers(harness, served), rolledBack, at: asked, verified: verified.ok };
}

function chapters({ cli, say }: StoryParts): (title: string) => Promise<void> {
  let count = 0;
  return async (title) => {
    // A person reads along; a pipe does not.
    if (count > 0 && cli.io.stdout.isTTY === true) await sleep(1_200);
    count++;
    say(`\n${cli.paint.bold(cli.paint.cyan(`${count}. ${title}`))}`);
  };
}

function release(version: number, reason: string) {
  return { key: STORY_KEY, version, environment: ENVIRONMENT, reason };
}

async function register(harness: Harness, body: "exemplified" | "worse", message: string): Promise<number> {
  const file = `${body}.yaml`;
  return (await registerPrompt(harness, { value: storyFile(body), file, message })).version;
}

async function tryOn(
  harness: Harness,
  version: number,
  subject: Parameters<typeof setOverride>[1]["subject"],
): Promise<void> {
  const trial = {
    key: STORY_KEY,
    version,
    subject,
    environment: ENVIRONMENT,
    expires: null,
    reason: "a first try",
  };
  await setOverride(harness, trial);
}

async function numbers(
  harness: Harness,
  served: readonly ServedTicket[],
): Promise<readonly VersionNumbers[]> {
  return countVersions(await listLedger(harness, { prompt: STORY_KEY, limit: 10_000 }), served);
}

/** Waits until the running application resolves to the version. */
async function follow({ colophon }: Application, version: number): Promise<void> {
  await until(() => colophon.resolve(triage).version === version, `v${version}`);
}

async function followOverride({ colophon }: Application, version: number): Promise<void> {
  const here = (): boolean =>
    colophon.resolve(triage, { user: TRIAL_USER }).version === version &&
    colophon.resolve(triage, { documentType: TRIAL_TYPE }).version === version;
  await until(here, "the overrides");
}

function verdict(rows: readonly VersionNumbers[], worse: number): string {
  const rate = (version: number): number => {
    const row = rows.find((one) => one.version === version);
    return row === undefined || row.calls === 0 ? Number.NaN : row.right / row.calls;
  };
  const [before, after] = [rate(1), rate(worse)];
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return after < before
    ? `Right labels fell from ${percent(before)} on v1 to ${percent(after)} on v${worse}.`
    : `Right labels did not fall in this run (${percent(before)} on v1, ${percent(after)} on v${worse}); it is rolled back all the same.`;
}

async function askAt(
  parts: StoryParts,
  served: readonly ServedTicket[],
  version: number,
): Promise<StoryEnd["at"]> {
  const { harness, say, cli } = parts;
  const one = served.find((ticket) => ticket.version === version);
  if (one === undefined)
    throw new HarnessError("execution-unknown", `No ticket was served v${version}; run the story again.`);
  const { user } = one.ticket;
  const rows = await listLedger(harness, { prompt: STORY_KEY, user, limit: 10_000 });
  const row = rows.find(({ id }) => id === one.executionId);
  const time = row?.at ?? new Date(harness.clock.now()).toISOString();
  say(cli.paint.dim(`$ colophon at ${time} ${STORY_KEY} --user ${user} --env ${ENVIRONMENT}`));
  const answer = await answerAt(harness, { time, key: STORY_KEY, environment: ENVIRONMENT, user });
  // The minute around holds the whole story; the call itself is enough here.
  const executions = answer.executions.filter(({ id }) => id === answer.served?.executionId);
  say(describeAt({ ...answer, executions }, cli));
  return { time, user, served: answer.served?.version ?? null, released: answer.released.version };
}

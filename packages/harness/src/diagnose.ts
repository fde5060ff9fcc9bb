/** The doctor: looks for what is wrong with the prompts of a store, and says what to do about it. */
import { fitOf, isProtected, listEnvironments, listOverrides, liveOf } from "@colophon/delivery";
import {
  type DeclarationEntry,
  declarationsIn,
  type EnvironmentData,
  isFloatingModel,
  type PromptState,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { withTexts } from "./change-registry.ts";
import { diagnoseWatch } from "./delivery/diagnose-watch.ts";
import { diagnoseLedger } from "./diagnose-ledger.ts";
import { about, type Diagnosis, SEVERITIES } from "./diagnosis.ts";
import { diagnoseDrills } from "./drill/diagnose-drills.ts";
import { diagnoseEvalSets } from "./evaluation/eval-sets/diagnose-eval-sets.ts";
import { diagnoseCells } from "./evaluation/matrix/diagnose-cells.ts";
import type { Harness } from "./harness.ts";

/**
 * Errors first.
 *
 * @example
 * for (const { severity, message } of await diagnose(harness)) console.log(severity, message);
 */
export async function diagnose(harness: Harness): Promise<readonly Diagnosis[]> {
  const state = await harness.records.state();
  const findings: Diagnosis[] = [];
  for (const prompt of state.prompts.values()) {
    findings.push(...(await diagnosePrompt(harness, state, prompt)));
  }
  findings.push(
    ...diagnoseOverrides(harness, state),
    ...(await diagnoseLedger(harness, state)),
    ...diagnoseEvalSets(state, harness.clock.now()),
    ...(await diagnoseCells(harness, state)),
    ...(await diagnoseDrills(harness, state)),
    ...(await diagnoseWatch(harness, state)),
    ...diagnoseSpool(harness),
  );
  return findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

async function diagnosePrompt(
  harness: Harness,
  state: RegistryState,
  prompt: PromptState,
): Promise<readonly Diagnosis[]> {
  const { key, metadata } = prompt;
  const findings: Diagnosis[] = [];
  if ((metadata?.owner ?? null) === null) {
    findings.push({
      ...about("warning", "no-owner", { key }),
      message: `${key} has no owner.`,
      advice: "Name one with `owner` in its file or in definePrompt.",
    });
  }
  for (const environment of listEnvironments(state)) {
    findings.push(
      ...diagnoseApart({ prompt, environment }),
      ...(await diagnoseLive(harness, state, { prompt, environment })),
    );
  }
  return findings;
}

interface Place {
  readonly prompt: PromptState;
  readonly environment: EnvironmentData;
}

async function diagnoseLive(
  harness: Harness,
  state: RegistryState,
  place: Place,
): Promise<readonly Diagnosis[]> {
  const { prompt, environment } = place;
  const { key } = prompt;
  const live = liveOf(state, key, environment.name);
  const entry = live === undefined ? undefined : prompt.versions.get(live.version);
  // What is inherited is told once, where it is released.
  if (live === undefined || entry === undefined || live.inherited !== null) return [];
  const where = { key, environment: environment.name };
  const name = `${key}@v${live.version}`;
  const findings: Diagnosis[] = [];
  if (entry.withdrawn !== null) {
    findings.push({
      ...about("error", "withdrawn-live", where),
      message: `${name} is what the log says is live in ${environment.name}, but it was withdrawn (${entry.withdrawn.reason}): the code's default is served.`,
      advice: `Roll back with \`colophon rollback ${key} --env ${environment.name}\`, or release another version.`,
    });
  }
  const { misfits, unpinned, text } = await withTexts(harness, async (texts) => ({
    ...fitOf(state, {
      prompt,
      hash: entry.hash,
      environment: environment.name,
      model: live.release.model,
      texts,
    }),
    text: texts.get(entry.hash),
  }));
  if (misfits.length > 0) {
    findings.push({
      ...about("error", "misfit", where),
      message: `${name} is live in ${environment.name} and does not fit the code there: ${misfits.join("; ")}.`,
      advice:
        "Deploy code that fits it, roll back, release a version that fits, or retire an application that is gone.",
    });
  }
  findings.push(...diagnoseText(place, { name, unpinned, text, hash: entry.hash }));
  return findings;
}

interface LiveText {
  readonly name: string;
  readonly hash: string;
  readonly unpinned: readonly string[];
  readonly text: VersionText | undefined;
}

function diagnoseText({ prompt, environment }: Place, live: LiveText): readonly Diagnosis[] {
  const where = { key: prompt.key, environment: environment.name };
  const findings: Diagnosis[] = [];
  if (live.unpinned.length > 0 && isProtected(environment, prompt)) {
    findings.push({
      ...about("error", "unpinned-partial", where),
      message: `${live.name} includes ${live.unpinned.join(", ")} without a version, and ${environment.name} is protected.`,
      advice: `Write {{> ${live.unpinned[0]}@vN}}, register it anew and release that version.`,
    });
  }
  if (live.text !== undefined && isFloatingModel(live.text.model)) {
    findings.push({
      ...about("warning", "floating-model", where),
      message: `${live.name} names the model ${live.text.model.id}, which its provider may point elsewhere any day.`,
      advice: "Name a dated model.",
    });
  }
  const differing = declarationsIn(prompt, environment.name).filter(({ hash }) => hash !== live.hash);
  if (differing.length > 0) {
    findings.push({
      ...about("note", "declared-differs", where),
      message: `${environment.name} serves ${live.name}, the code declares another text (${textNames(prompt, differing)}).`,
      advice: "This is how a release without a deploy looks; bring the code along when it is settled.",
    });
  }
  return findings;
}

/** Several applications whose code says different things of one prompt. */
function diagnoseApart({ prompt, environment }: Place): readonly Diagnosis[] {
  const declared = declarationsIn(prompt, environment.name);
  if (new Set(declared.map(({ hash, caller }) => `${hash} ${caller}`)).size < 2) return [];
  return [
    {
      ...about("note", "declared-apart", { key: prompt.key, environment: environment.name }),
      message: `${prompt.key} is declared differently in ${environment.name} (${textNames(prompt, declared)}): a release must fit all of them, and without one each serves its own text.`,
      advice: `Share one definePrompt, give them keys of their own, or end one that is gone with \`colophon retire\`.`,
    },
  ];
}

function textNames(prompt: PromptState, declared: readonly DeclarationEntry[]): string {
  return declared
    .map(({ application, hash }) => {
      const number = prompt.versionByHash.get(hash);
      const text = number === undefined ? hash.slice(0, 12) : `v${number}`;
      return application === null ? text : `${application} ${text}`;
    })
    .join(", ");
}

function diagnoseOverrides(harness: Harness, state: RegistryState): readonly Diagnosis[] {
  const withdrawn = listOverrides(state, { status: "withdrawn", now: harness.clock.now() });
  const counts = new Map<
    string,
    { readonly key: string; readonly version: number; readonly count: number }
  >();
  for (const { key, version } of withdrawn) {
    const name = `${key}@v${version}`;
    counts.set(name, { key, version, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return Array.from(counts, ([name, { key, count }]) => ({
    ...about("error", "withdrawn-override", { key }),
    message: `${count} override(s) point at ${name}, which was withdrawn: they decide nothing.`,
    advice: "See `colophon override list`, and set them to another version or clear them.",
  }));
}

function diagnoseSpool(harness: Harness): readonly Diagnosis[] {
  const left = harness.spools.list();
  if (left.length === 0) return [];
  const dead = left.filter(({ live }) => !live).length;
  const bytes = left.reduce((sum, file) => sum + file.bytes, 0);
  return [
    {
      ...about("warning", "spool", {}),
      message: `${left.length} spool(s) with ${bytes} bytes of rows wait beside the store, ${dead} of them of processes that ended.`,
      advice: "Any application or command that writes takes them in; nothing is lost.",
    },
  ];
}

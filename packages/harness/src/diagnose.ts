/** The doctor: looks for what is wrong with the prompts of a store, and says what to do about it. */
import { fitOf, isProtected, listEnvironments, listOverrides, liveOf } from "@colophon/delivery";
import {
  type EnvironmentData,
  isFloatingModel,
  type PromptState,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { withTexts } from "./change-registry.ts";
import { diagnoseLedger } from "./diagnose-ledger.ts";
import { about, type Diagnosis, SEVERITIES } from "./diagnosis.ts";
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
    findings.push(...(await diagnoseLive(harness, state, { prompt, environment })));
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
      advice: "Deploy code that fits it, roll back, or release a version that fits.",
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
  const declared = prompt.declarations.get(environment.name);
  if (declared !== undefined && declared.hash !== live.hash) {
    const number = prompt.versionByHash.get(declared.hash);
    findings.push({
      ...about("note", "declared-differs", where),
      message: `${environment.name} serves ${live.name}, the code declares another text (${number === undefined ? declared.hash.slice(0, 12) : `v${number}`}).`,
      advice: "This is how a release without a deploy looks; bring the code along when it is settled.",
    });
  }
  return findings;
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

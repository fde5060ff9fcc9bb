/** Makes releases of the labels that a source's versions carry, through the ordinary gate. */
import type { Imported } from "@colophon/authoring/convert";
import type { House } from "../../house.ts";
import { releaseVersion } from "../../operations/offered-delivery.ts";
import { findEnvironments } from "../../operations/offered-environments.ts";
import { listPrompts } from "../../operations/offered-registry.ts";
import type { ImportedRelease, Refusal, TakenPrompt } from "./import-report.ts";
import { orRefusal } from "./register-import.ts";

export interface ReleaseLabels {
  /** What the source is called, for the log. */
  readonly source: string;
  readonly imported: Imported;
  /** What was registered of it. */
  readonly prompts: readonly TakenPrompt[];
  /** Environments by label; null for those of the same names. */
  readonly labels: ReadonlyMap<string, string> | null;
}

export interface ReleasedLabels {
  readonly releases: readonly ImportedRelease[];
  readonly refused: readonly Refusal[];
}

/** Says that a version is the newest one, which is no release. */
const NEWEST = "latest";

/** Labels that name no environment are said and left; what is live already stays so. */
export async function releaseLabels(house: House, request: ReleaseLabels): Promise<ReleasedLabels> {
  const { labels } = request;
  const environments = new Set((await findEnvironments(house)).map(({ name }) => name));
  const live = new Map((await listPrompts(house)).map((prompt) => [prompt.key, prompt.live]));
  const numbers = new Map(request.prompts.map(({ from, version }) => [from, version]));
  const releases: ImportedRelease[] = [];
  const refused: Refusal[] = [];
  const decided = new Set<string>();
  for (const imported of request.imported.versions) {
    const version = numbers.get(imported.from) ?? null;
    const { key } = imported.spec;
    for (const label of imported.labels.filter((one) => one !== NEWEST)) {
      const refuse = (reason: string): void => void refused.push({ from: imported.from, reason });
      const environment = labels === null ? label : labels.get(label);
      if (environment === undefined || !environments.has(environment)) {
        const what = environment === undefined || environment === label ? "" : ` (${environment})`;
        // Where labels are mapped, those that are not stay, whatever they are called.
        const why =
          environment === undefined ? "is not among those of --label" : `names no environment${what}`;
        refuse(`its label ${label} ${why}; map it with --label ${label}=ENVIRONMENT.`);
        continue;
      }
      if (version === null) {
        refuse(`its label ${label} was not released, since the version was not taken.`);
        continue;
      }
      if (decided.has(`${key} ${environment}`)) {
        refuse(`its label ${label} stands for ${environment}, which another label has decided already.`);
        continue;
      }
      decided.add(`${key} ${environment}`);
      if (live.get(key)?.[environment] === version) continue;
      const release = { key, version, environment };
      const reason = reasonOf({ source: request.source, label, ...imported });
      const done = await orRefusal(imported.from, async () => {
        await releaseVersion(house, {
          ...release,
          fromEnvironment: null,
          reason,
          model: null,
          breakGlass: null,
        });
        return { ...release, label };
      });
      if ("reason" in done) refuse(`it was not released to ${environment}: ${done.reason}`);
      else releases.push(done);
    }
  }
  return { releases, refused };
}

interface Labelled {
  readonly source: string;
  readonly label: string;
  readonly from: string;
  readonly at: string | null;
}

/** The log's times never run backwards, so the date of the source stands in the reason. */
function reasonOf({ source, label, from, at }: Labelled): string {
  const when = at === null ? "" : `, last changed there ${at}`;
  return `Label ${label} of ${source} (${from}${when})`;
}

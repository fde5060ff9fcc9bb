/** What one environment's applications need of a prompt's entry in the snapshot, as canonical JSON. */
import { canonicalJson, type SnapshotOverride, type SnapshotPrompt, textsNeeded } from "@colophon/kernel";

/** A prompt's entry without other environments' releases and overrides. Texts of all its versions stay, for calls that are pinned to one. */
export class EnvironmentCut {
  readonly prompt: SnapshotPrompt;
  /** The hashes of the texts that it may serve. */
  readonly texts: ReadonlySet<string>;
  #whole: string | undefined;
  #bare: string | undefined;

  constructor(prompt: SnapshotPrompt, environment: string) {
    const release = Object.hasOwn(prompt.releases, environment) ? prompt.releases[environment] : undefined;
    this.prompt = {
      ...prompt,
      releases: release === undefined ? {} : { [environment]: release },
      overrides: overridesIn(prompt.overrides, environment),
    };
    this.texts = textsNeeded([this.prompt]);
  }

  /** Made once, when it is first asked for. @param bare leaves the overrides out. */
  json(bare: boolean): string {
    if (bare) {
      this.#bare ??= canonicalJson(this.without());
      return this.#bare;
    }
    this.#whole ??= canonicalJson(this.prompt);
    return this.#whole;
  }

  /** The entry without overrides. */
  without(): SnapshotPrompt {
    return { ...this.prompt, overrides: [] };
  }
}

/** Those that hold in the environment: its own, and those for all. */
export function overridesIn(
  overrides: readonly SnapshotOverride[],
  environment: string,
): readonly SnapshotOverride[] {
  return overrides.filter((one) => one.environment === null || one.environment === environment);
}

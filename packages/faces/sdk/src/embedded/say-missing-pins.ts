/** Tells a person of versions that COLOPHON_PIN names and nobody has: calls get another text then, without an error. */
import type { SnapshotChange } from "@colophon/kernel";
import type { FedSource } from "@colophon/runtime";
import type { OpenSettings } from "../open-options.ts";
import { decorateSource } from "./decorate-source.ts";

export function sayMissingPins(source: FedSource, settings: OpenSettings): FedSource {
  const { pins, onNotice } = settings;
  if (pins.size === 0) return source;
  /** Neither seen in a snapshot nor said to be missing. */
  const open = new Map(pins);
  const sayMissing = (): void => {
    for (const [key, version] of open) {
      if (source.isComing?.(key, version)) continue;
      open.delete(key);
      onNotice(
        `COLOPHON_PIN asks for ${key}@v${version}, which the registry does not have: calls are decided as without it until it does.`,
      );
    }
  };
  const served = ({ prompts }: Pick<SnapshotChange, "prompts">): void => {
    for (const [key, version] of open) {
      if (Object.hasOwn(prompts, key) && prompts[key]?.versions[version] !== undefined) open.delete(key);
    }
    // The source may still be at what it looked for.
    if (open.size > 0) queueMicrotask(sayMissing);
  };
  return decorateSource(source, { served });
}

/** The declarations of prompts' variables and answers, from files or from the registry. */
import { pinnedHash, promptTypes, type TypedPrompt } from "@colophon/authoring";
import type { House } from "../../house.ts";
import { listContracts } from "../../operations/offered-sync.ts";
import type { ContractsPlace } from "./list-contracts.ts";
import { folderContent, type PromptFolder, readFolder } from "./prompt-folder.ts";
import { refuseProblems } from "./refuse-problems.ts";

export interface WrittenTypes {
  readonly text: string;
  readonly prompts: number;
  readonly versions: number;
  /** Prompts whose file is no version, so that nothing can be said of one: new, or changed since. */
  readonly without: readonly string[];
}

/**
 * Of each file the version in the lock, as long as the file is that version.
 *
 * @param command that writes it again, for its head.
 * @throws HarnessError `prompt-invalid` and others for a file that cannot be read, `input-malformed` for the lock.
 * @example
 * import { findPromptFolder, typesOfFolder } from "@colophon/harness";
 *
 * const { text } = typesOfFolder(findPromptFolder(process.cwd()), "colophon types -o prompts.d.ts");
 */
export function typesOfFolder(folder: PromptFolder, command: string): WrittenTypes {
  const { files, problems, lock } = readFolder(folder, folderContent(folder));
  refuseProblems(problems, { what: "No declarations were written", count: files.length + problems.length });
  const pins = new Map(Array.from(lock, ([key, { version, hash }]) => [`${key}@v${version}`, hash]));
  const prompts: TypedPrompt[] = [];
  const without: string[] = [];
  for (const { spec, content } of files) {
    const entry = lock.get(spec.key);
    if (entry === undefined || pinnedHash(content.text, pins) !== entry.hash) {
      without.push(spec.key);
      continue;
    }
    const { input, output = null } = spec.text;
    prompts.push({ key: spec.key, versions: [{ version: entry.version, input, output }] });
  }
  return written(prompts, { command, without });
}

/**
 * Of each prompt every version that is not withdrawn.
 *
 * @param command that writes it again, for its head.
 * @throws HarnessError of the store.
 * @example
 * const { text } = await typesOfRegistry(house, "colophon types --registry -o prompts.d.ts");
 */
export async function typesOfRegistry(house: House, command: string): Promise<WrittenTypes> {
  const versions = new Map<string, TypedPrompt["versions"]>();
  for (let after: ContractsPlace | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listContracts>> = await listContracts(house, { after });
    for (const { key, versions: more } of page.prompts)
      versions.set(key, [...(versions.get(key) ?? []), ...more]);
    after = page.next;
    if (after === null) break;
  }
  const prompts = Array.from(versions, ([key, known]) => ({ key, versions: known }));
  return written(prompts, { command, without: [] });
}

function written(
  prompts: readonly TypedPrompt[],
  { command, without }: { readonly command: string; readonly without: readonly string[] },
): WrittenTypes {
  const versions = prompts.reduce((sum, { versions: { length } }) => sum + length, 0);
  return { text: promptTypes(prompts, command), prompts: prompts.length, versions, without };
}

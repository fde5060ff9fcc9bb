/** Operations by which prompts in files and prompts in the registry are held against one another. */
import { z } from "zod";
import { listChanges } from "../authoring/sync/list-changes.ts";
import { listContracts } from "../authoring/sync/list-contracts.ts";
import { listHeads } from "../authoring/sync/list-heads.ts";
import { pushFiles } from "../authoring/sync/push-files.ts";
import { operation } from "./operation.ts";
import { promptKey, versionNumber, words } from "./shapes.ts";
import { changesShape, contractsShape, headsShape, pushedShape } from "./sync-shapes.ts";

/** Most prompts that are asked about at once. */
export const MOST_QUESTIONS = 500;
/** Most files of one push. */
export const MOST_FILES = 200;
const MOST_AUTHORS = 10_000;
const name = z.string().max(1_000);
const count = z.int().min(0);

export const listHeadsOperation = operation({
  name: "prompt.heads",
  method: "GET",
  path: "/heads",
  tag: "registry",
  summary: "The newest version of every prompt that has one, in pages.",
  scope: "read",
  where: "registry",
  input: z.object({ after: promptKey.nullable().default(null) }),
  output: headsShape,
  run: listHeads,
});

export const listChangesOperation = operation({
  name: "prompt.changes",
  method: "POST",
  path: "/changes",
  tag: "registry",
  summary: "What became of prompts since the versions that their files were made from, texts included.",
  scope: "read",
  where: "registry",
  isRead: true,
  input: z.object({
    prompts: z
      .array(
        z.object({
          key: promptKey,
          hash: z.string().max(64).nullable(),
          metadata: z.string().max(64).nullable(),
          since: count,
        }),
      )
      .max(MOST_QUESTIONS),
  }),
  output: changesShape,
  run: listChanges,
});

export const pushFilesOperation = operation({
  name: "version.push",
  method: "POST",
  path: "/pushes",
  tag: "registry",
  summary: "Make versions of what several prompt files say, all of them or none.",
  scope: "author",
  takesFiles: true,
  targetOf: ({ files }) =>
    files
      .map(({ file }) => file)
      .join(", ")
      .slice(0, 1_000) || null,
  input: z.object({
    files: z
      .array(
        z.object({
          value: z.unknown(),
          file: name,
          after: count,
          facts: z.string().max(64).nullable().exactOptional(),
          commit: name.nullable(),
          author: name.nullable(),
          coAuthors: z.array(name).max(MOST_AUTHORS).exactOptional(),
          message: words.nullable(),
        }),
      )
      .max(MOST_FILES),
    check: z.boolean(),
  }),
  output: pushedShape,
  run: pushFiles,
});

export const listContractsOperation = operation({
  name: "version.contracts",
  method: "POST",
  path: "/contracts",
  tag: "registry",
  summary: "What every version takes and gives, in pages.",
  scope: "read",
  where: "registry",
  isRead: true,
  input: z.object({
    after: z.object({ key: promptKey, version: versionNumber }).nullable().default(null),
  }),
  output: contractsShape,
  run: listContracts,
});

export const SYNC_OPERATIONS = [
  listHeadsOperation,
  listChangesOperation,
  pushFilesOperation,
  listContractsOperation,
] as const;

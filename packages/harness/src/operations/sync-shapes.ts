/** Shapes of what files and the registry tell one another. */
import { RISKS } from "@colophon/kernel";
import { z } from "zod";
import { registeredVersionShape } from "./registry-shapes.ts";
import { modelShape } from "./shapes.ts";
import { jsonSchemaShape, textShape } from "./text-shapes.ts";

const known = {
  version: z.int(),
  hash: z.string(),
  at: z.string(),
  author: z.string(),
  message: z.string().nullable(),
  source: z.string(),
  commit: z.string().nullable(),
  withdrawn: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
};
const withText = z.object({ ...known, text: textShape });

const facts = z.object({
  purpose: z.string().nullable(),
  owner: z.string().nullable(),
  risk: z.enum(RISKS),
  tags: z.array(z.string()),
  evalSet: z.string().nullable(),
  backup: z.array(modelShape),
  routes: z.record(z.string(), modelShape),
});

export const headsShape = z
  .object({
    heads: z.array(
      z.object({
        key: z.string(),
        newest: z.int(),
        head: z.object(known).nullable(),
        metadata: z.string(),
        live: z.record(z.string(), z.int()),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: "PromptHeads" });

export const changesShape = z
  .object({
    taken: z.int(),
    sides: z.array(
      z.object({
        key: z.string(),
        newest: z.int(),
        head: withText.nullable(),
        base: withText.nullable(),
        facts,
        baseFacts: facts.nullable(),
        later: z.array(z.object(known)),
      }),
    ),
  })
  .meta({ id: "PromptChanges" });

export const pushedShape = z
  .object({
    versions: z.array(registeredVersionShape.extend({ metadata: z.string() })),
    moved: z.array(z.object({ key: z.string(), newest: z.int() })),
    problems: z.array(z.object({ file: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: "PushedFiles" });

export const contractsShape = z
  .object({
    prompts: z.array(
      z.object({
        key: z.string(),
        versions: z.array(
          z.object({ version: z.int(), input: jsonSchemaShape, output: jsonSchemaShape.nullable() }),
        ),
      }),
    ),
    next: z.object({ key: z.string(), version: z.int() }).nullable(),
  })
  .meta({ id: "PromptContracts" });

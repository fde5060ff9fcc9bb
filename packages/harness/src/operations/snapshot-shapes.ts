/** The shape of a snapshot: everything that resolvers need. */
import { RISKS, SUBJECT_KINDS } from "@colophon/kernel";
import { z } from "zod";
import { modelShape } from "./shapes.ts";
import { textShape } from "./text-shapes.ts";

const where = z
  .object({ documentType: z.string().exactOptional(), tenant: z.string().exactOptional() })
  .nullable();

const plan = z.object({
  rollout: z.string(),
  salt: z.string(),
  arms: z.array(z.object({ version: z.int(), share: z.number() })),
  control: z.number(),
  where,
  draws: z.literal("call").exactOptional(),
});

const shadow = z.object({
  rollout: z.string(),
  where,
  version: z.int(),
  rate: z.number(),
  concurrency: z.number(),
  calls: z.number(),
});

const snapshotOverrideShape = z
  .object({
    kind: z.enum(SUBJECT_KINDS),
    subject: z.string(),
    version: z.int(),
    environment: z.string().nullable(),
    expires: z.number().nullable(),
    tenant: z.string().exactOptional(),
  })
  .meta({ id: "SnapshotOverride" });

const snapshotPromptShape = z
  .object({
    risk: z.enum(RISKS),
    versions: z.record(z.string(), z.object({ hash: z.string(), withdrawn: z.boolean() })),
    releases: z.record(
      z.string(),
      z.object({
        version: z.int(),
        model: modelShape.nullable(),
        inherited: z.string().nullable(),
        plan: plan.nullable(),
        shadow: shadow.exactOptional(),
      }),
    ),
    overrides: z.array(snapshotOverrideShape),
    backup: z.array(modelShape).exactOptional(),
    routes: z.record(z.string(), modelShape).exactOptional(),
  })
  .meta({ id: "SnapshotPrompt" });

export const snapshotShape = z
  .object({
    format: z.literal(1),
    revision: z.int(),
    at: z.number(),
    environments: z.array(z.string()),
    prompts: z.record(z.string(), snapshotPromptShape),
    texts: z.record(z.string(), textShape),
    overrides: z.literal("fetched").exactOptional(),
  })
  .meta({ id: "Snapshot" });

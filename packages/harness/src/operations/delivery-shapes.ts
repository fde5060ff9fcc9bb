/** Shapes of what serves a prompt, and of what changes that. */
import { CONSIDERED_OUTCOMES, LANES, REASONS, ROLES, SUBJECT_KINDS, TIERS } from "@colophon/kernel";
import { z } from "zod";
import { recordedShape } from "./shapes.ts";

const decided = {
  key: z.string(),
  environment: z.string(),
  application: z.string().nullable(),
  version: z.int().nullable(),
  hash: z.string().nullable(),
  tier: z.enum(TIERS).nullable(),
  lane: z.enum(LANES).nullable(),
  reason: z.enum(REASONS),
  model: z.string().nullable(),
};

export const resolutionShape = z
  .object({
    ...decided,
    applications: z.array(z.string().nullable()),
    provider: z.string().nullable(),
    route: z
      .object({
        name: z.string(),
        outcome: z.enum(["chosen", "absent", "misfit"]),
        reason: z.string().exactOptional(),
      })
      .nullable(),
    errorCode: z.string().nullable(),
    considered: z.array(
      z.object({
        tier: z.enum([...TIERS, "pin"]),
        outcome: z.enum(CONSIDERED_OUTCOMES),
        reason: z.string(),
        version: z.int().nullable(),
      }),
    ),
    revision: z.int().nullable(),
    at: z.string().nullable(),
  })
  .meta({ id: "Resolution" });

const part = z.object({
  kind: z.enum(["partial", "bound", "media"]),
  name: z.string(),
  version: z.int().nullable(),
  hash: z.string(),
  choice: z.string().exactOptional(),
});

const media = z.object({
  name: z.string(),
  /** One of `url`, `fileId` and bytes; variables that came as JSON hold no bytes. */
  source: z.record(z.string(), z.unknown()),
  mediaType: z.string().nullable(),
  filename: z.string().nullable(),
});

export const renderedShape = z
  .object({
    ...decided,
    messages: z.array(
      z.object({
        role: z.enum(ROLES),
        content: z.string(),
        parts: z
          .array(
            z.discriminatedUnion("type", [
              z.object({ type: z.literal("text"), text: z.string() }),
              z.object({ type: z.literal("media"), media }),
            ]),
          )
          .exactOptional(),
      }),
    ),
    locale: z.string().nullable(),
    parts: z.array(part),
  })
  .meta({ id: "RenderedPrompt" });

const endedRollouts = z.array(
  z.object({
    id: z.string(),
    key: z.string(),
    environment: z.string(),
    versions: z.array(z.int()),
    share: z.number(),
  }),
);

export const releasedShape = z
  .object({
    key: z.string(),
    version: z.int(),
    hash: z.string(),
    environment: z.string(),
    unchanged: z.boolean(),
    previous: z.int().nullable(),
    inheritedBy: z.array(z.string()),
    evidence: z.array(z.string()),
    breakGlass: z.string().nullable(),
    ended: endedRollouts,
    warnings: z.array(z.string()),
    ...recordedShape,
  })
  .meta({ id: "Release" });

export const overrideShape = z
  .object({
    key: z.string(),
    version: z.int(),
    kind: z.enum(SUBJECT_KINDS),
    subject: z.string(),
    tenant: z.string().exactOptional(),
    environment: z.string().nullable(),
    expires: z.string().nullable(),
    status: z.enum(["active", "expired", "superseded", "withdrawn"]),
    reason: z.string().nullable(),
    breakGlass: z.string().nullable(),
    by: z.string(),
    at: z.string(),
    revision: z.int(),
  })
  .meta({ id: "Override" });

export const rolledBackShape = z
  .object({
    key: z.string(),
    environment: z.string(),
    from: z.int().nullable(),
    version: z.int(),
    hash: z.string(),
    unchanged: z.boolean(),
    ended: endedRollouts,
    together: z.array(z.object({ key: z.string(), from: z.int(), version: z.int() })),
    inheritedBy: z.array(z.string()),
    overrides: z.array(overrideShape),
    warnings: z.array(z.string()),
    ...recordedShape,
  })
  .meta({ id: "Rollback" });

export const withdrawnShape = z
  .object({
    key: z.string(),
    version: z.int(),
    unchanged: z.boolean(),
    live: z.array(z.object({ environment: z.string(), inherited: z.string().nullable() })),
    overrides: z.array(overrideShape),
    ended: endedRollouts,
    ...recordedShape,
  })
  .meta({ id: "Withdrawal" });

export const retiredShape = z.object({
  application: z.string().nullable(),
  environment: z.string(),
  prompts: z.array(z.string()),
});

export const overrideResultShape = z.object({
  key: z.string(),
  version: z.int().nullable(),
  kind: z.enum(SUBJECT_KINDS),
  subject: z.string(),
  environment: z.string().nullable(),
  expires: z.string().nullable(),
  unchanged: z.boolean(),
  replaced: z.array(z.int()),
  breakGlass: z.string().nullable(),
  warnings: z.array(z.string()),
});

export const approvedVersionShape = z
  .object({
    key: z.string(),
    version: z.int(),
    hash: z.string(),
    environment: z.string(),
    inFavour: z.boolean(),
    lacks: z.array(z.string()),
    warnings: z.array(z.string()),
    ...recordedShape,
  })
  .meta({ id: "Approval" });

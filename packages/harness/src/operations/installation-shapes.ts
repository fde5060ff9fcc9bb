/** Shapes of what is about an installation: projects, people, keys, secrets and the audit log. */
import { FACES, MEMBER_ROLES, SCOPES } from "@colophon/kernel";
import { z } from "zod";
import { environmentName } from "./shapes.ts";

const LONGEST_EMAIL = 254;
const LONGEST_NAME = 200;
const LONGEST_ID = 100;
const LONGEST_TIME = 40;

const time = z.string().describe("ISO 8601 in UTC");
const timeOrNull = time.nullable();

export const projectId = z
  .string()
  .min(1)
  .max(40)
  .regex(/^(?:[a-z][a-z0-9-]*|~)$/)
  .describe("A project's id; ~ for the one of the key");
export const projectOrNone = projectId.nullable().default(null).describe("Null for the whole installation");
export const environmentOrAll = environmentName
  .nullable()
  .default(null)
  .describe("Null for all environments");
export const name = z.string().min(1).max(LONGEST_NAME);
export const email = z.string().min(3).max(LONGEST_EMAIL);
export const role = z.enum(MEMBER_ROLES);
export const scope = z.enum(SCOPES);
export const id = z.string().min(1).max(LONGEST_ID);
/** A time as people give it. */
export const givenTime = z.string().max(LONGEST_TIME).describe("ISO 8601");

const actor = z.object({ id: z.string(), via: z.enum(FACES) });

export const project = z
  .object({ id: z.string(), name: z.string(), createdAt: time })
  .meta({ id: "Project" });

const place = { project: z.string().nullable(), environment: z.string().nullable() };

export const memberPlace = z.object({ email: z.string(), ...place });

export const member = memberPlace.extend({ name: z.string(), role, grantedAt: time }).meta({ id: "Member" });

export const invitation = z
  .object({
    ...{ id: z.string(), email: z.string(), ...place, role, invitedBy: z.string() },
    ...{ expires: time, acceptedAt: timeOrNull },
  })
  .meta({ id: "Invitation" });

export const apiKey = z
  .object({
    ...{ id: z.string(), name: z.string(), project: z.string().nullable() },
    ...{ environments: z.array(z.string()).nullable(), scopes: z.array(scope), createdBy: z.string() },
    ...{ createdAt: time, expires: timeOrNull, revokedAt: timeOrNull, lastUsedAt: timeOrNull },
    rotates: z.string().nullable().describe("The key that this one replaces"),
  })
  .meta({ id: "ApiKey" });

export const newKey = z.object({ key: apiKey, secret: z.string().describe("Shown this once") });

export const secret = z
  .object({ project: z.string(), name: z.string(), setAt: time, setBy: z.string() })
  .meta({ id: "Secret" });

const entryFields = {
  ...{ n: z.int(), actor, ...place, action: z.string(), target: z.string().nullable() },
  ...{ allowed: z.boolean(), detail: z.string().nullable(), chain: z.string() },
};

export const auditRow = z.object({ ...entryFields, at: time }).meta({ id: "AuditEntry" });

export const auditPage = z.object({
  entries: z.array(z.object({ ...entryFields, at: z.int().describe("Milliseconds, as it is chained") })),
  next: z.int().nullable(),
});

export const auditVerdict = z.object({ entries: z.int(), broken: z.array(z.int()) });

export const caller = z
  .object({
    actor,
    person: z.object({ id: z.string(), email: z.string(), name: z.string() }).nullable(),
    key: apiKey.nullable(),
    project: z.string().nullable(),
    rights: z.array(z.object({ ...place, scopes: z.array(scope) })),
  })
  .meta({ id: "Caller" });

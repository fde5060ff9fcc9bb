/** Operations on environments. */
import { GATE_MODES } from "@colophon/evaluation";
import { z } from "zod";
import { reviewPolicyShape } from "../authoring/review/policy-shape.ts";
import { addEnvironment, checkEnvironment, findEnvironments, protectEnvironment } from "../environments.ts";
import { operation } from "./operation.ts";
import { environmentName } from "./shapes.ts";

const GATE_DEMANDS = ["never", "with-eval-set", "always"] as const;

const changedEnvironment = z.object({
  name: z.string(),
  inherits: z.string().nullable(),
  gate: z.enum(GATE_DEMANDS),
  approvals: z.int(),
  modes: z.array(z.string()).nullable(),
  reviewPolicy: z.string().nullable(),
  protected: z.boolean(),
  unchanged: z.boolean(),
});

export const listEnvironmentsOperation = operation({
  name: "environment.list",
  method: "GET",
  path: "/environments",
  tag: "environments",
  summary: "Every environment with its policy, and how much is live there.",
  scope: "read",
  where: "registry",
  input: z.object({}),
  output: z.array(changedEnvironment.omit({ unchanged: true }).extend({ live: z.int() })),
  run: findEnvironments,
});

export const checkEnvironmentOperation = operation({
  name: "environment.check",
  method: "GET",
  path: "/environments/{environment}",
  tag: "environments",
  summary: "Refuses an environment that is not there.",
  scope: "read",
  where: "registry",
  input: z.object({ environment: environmentName }),
  output: z.object({}),
  run: async (harness, { environment }: { readonly environment: string }) => {
    await checkEnvironment(harness, environment);
    return {};
  },
});

export const addEnvironmentOperation = operation({
  name: "environment.add",
  method: "POST",
  path: "/environments",
  tag: "environments",
  summary: "Add an environment; the same one again changes nothing.",
  scope: "admin",
  targetOf: ({ name }) => name,
  input: z.object({ name: environmentName, inherits: environmentName.nullable().exactOptional() }),
  output: changedEnvironment,
  run: addEnvironment,
});

export const protectEnvironmentOperation = operation({
  name: "environment.protect",
  method: "PUT",
  path: "/environments/{name}/policy",
  tag: "environments",
  summary: "Say what an environment asks for before a version is live there.",
  scope: "admin",
  where: ({ name }) => name,
  targetOf: ({ name }) => name,
  input: z.object({
    name: environmentName,
    gate: z.enum(GATE_DEMANDS),
    approvals: z.int().min(0).max(100).optional(),
    modes: z.array(z.enum(GATE_MODES)).optional(),
    reviewPolicy: reviewPolicyShape.nullable().optional(),
  }),
  output: changedEnvironment,
  run: protectEnvironment,
});

export const ENVIRONMENT_OPERATIONS = [
  listEnvironmentsOperation,
  checkEnvironmentOperation,
  addEnvironmentOperation,
  protectEnvironmentOperation,
] as const;

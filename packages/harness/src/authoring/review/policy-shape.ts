/** The shape of a team's policy for reviews: how a file is read, and its published JSON Schema. */
import { type CompiledPolicy, compilePolicy, POLICY_METADATA, type ReviewPolicy } from "@colophon/authoring";
import { HarnessError, nearestName, REVIEW_SEVERITIES, RISKS } from "@colophon/kernel";
import { z } from "zod";

const MOST = 1_000;
const LONGEST = 2_000;
const name = z.string().min(1).max(200);
const words = z.string().min(1).max(LONGEST);
const severity = z.enum(REVIEW_SEVERITIES);
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1).max(MOST);

const check = z
  .strictObject({
    name: z
      .string()
      .max(100)
      .regex(/^[a-z0-9][a-z0-9-]*$/, "write small letters, digits and hyphens")
      .describe("What findings call it: policy/NAME."),
    for: z
      .strictObject({
        keys: list(name).optional().describe("Globs of keys, such as support.*."),
        risk: list(z.enum(RISKS)).optional(),
        tags: list(name).optional().describe("Any of them will do."),
      })
      .optional()
      .describe("Which prompts it is for; every prompt unless given."),
    severity: severity.optional().describe("high unless given."),
    message: words.optional().describe("Why, in your words."),
    advice: words.optional().describe("How to mend it."),
    in: z
      .enum(["system", "user", "assistant"])
      .optional()
      .describe("Which messages patterns are looked for in."),
    mustContain: list(words)
      .optional()
      .describe("Regular expressions, without look-around and back-references."),
    mustNotContain: list(words).optional(),
    sections: list(name).optional().describe("Headings that the text has to have."),
    partials: list(name).optional().describe("shared.safety in any pinned version, or shared.safety@v3."),
    metadata: list(z.enum(POLICY_METADATA)).optional().describe("Facts that have to be said."),
    models: list(name).optional().describe("Globs of provider/model that are allowed."),
    providers: list(name).optional(),
    maxCharacters: z.int().min(1).optional(),
    maxTokens: z.int().min(1).optional().describe("Estimated at four characters to one."),
    forbiddenVariables: list(name).optional().describe("Globs of variables."),
  })
  .describe("All that it asks for has to hold.");

const setting = z.union([
  severity,
  z.strictObject({ severity, reason: words.optional() }),
  z.strictObject({ off: z.literal(true), reason: words }),
]);

/** A policy file, parsed. */
export const reviewPolicyShape = z.strictObject({
  $schema: z.string().max(LONGEST).optional().describe("Where this schema is, for editors."),
  format: z.literal(1).optional().describe("Edition of this format."),
  rules: z
    .record(name, setting)
    .optional()
    .describe("Another severity for a built-in rule, or off with a reason."),
  hosts: list(name).optional().describe("Globs of the only hosts that addresses in texts may name."),
  checks: list(check).optional().describe("Rules of your own."),
  suppress: list(
    z.strictObject({
      of: name.describe("Id of a finding, or of a rule."),
      key: name.optional().describe("A glob; every prompt unless given."),
      reason: words,
      expires: name.optional().describe("A day, such as 2027-01-31: from then on the finding counts again."),
    }),
  )
    .optional()
    .describe("Findings that are accepted."),
});

/** The JSON Schema of a policy file, as it is published. */
export function reviewPolicySchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(reviewPolicyShape);
  return {
    $schema,
    title: "Colophon review policy",
    description: "What a team asks of its prompts beyond the built-in rules, and what it has accepted.",
    ...schema,
  };
}

/**
 * Reads a policy from the parsed YAML or JSON of a file.
 *
 * @throws HarnessError `input-malformed`, with a sentence for each thing that is wrong.
 * @example
 * const { checks } = readReviewPolicy({ checks: [{ name: "safety", partials: ["shared.safety"] }] }, "policy.yaml");
 */
export function readReviewPolicy(value: unknown, file: string): CompiledPolicy {
  const read = reviewPolicyShape.safeParse(value ?? {});
  if (read.success) return compilePolicy(read.data satisfies ReviewPolicy, file);
  const problems = read.error.issues.map((issue) => problemOf(issue));
  const listed = problems.length === 1 ? ` ${problems[0]}` : problems.map((one) => `\n- ${one}`).join("");
  throw new HarnessError("input-malformed", `${file} is no valid review policy:${listed}`, {
    details: { problems },
  });
}

const FIELDS = [...Object.keys(reviewPolicyShape.shape), ...Object.keys(check.shape)];

function problemOf(issue: z.core.$ZodIssue): string {
  const place = z.core.toDotPath(issue.path);
  const where = place === "" ? "the file" : place;
  if (issue.code !== "unrecognized_keys") return `${where}: ${issue.message}.`;
  return issue.keys
    .map((key) => {
      const meant = nearestName(key, FIELDS);
      return `${where}: ${key} is no field here${meant === undefined ? "." : `; did you mean ${meant}?`}`;
    })
    .join(" ");
}

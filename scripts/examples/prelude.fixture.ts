/** What the examples may use without saying where it comes from, written beside them before they are compiled. */

/** Files by name. */
export const PRELUDE: Readonly<Record<string, string>> = {
  "prelude.d.ts": `
import type { EvaluationParts, Harness, House, InstallationHouse } from "@colophon/harness";
import type { Call, Colophon, Prompt } from "colophon";
import type OpenAI from "openai";

declare global {
  /** The prompt of the README. */
  const triage: Prompt<{ ticket: string }>;
  /** What open() returned. */
  const colophon: Colophon;
  /** The application's own client. */
  const client: OpenAI;
  const ticket: string;
  /** A resolved call of triage. */
  const call: Call<{ ticket: string }>;
  /** What openHarness() returned, in examples of the harness. */
  const harness: Harness;
  /** What openHouse() returned: a store at hand, or one behind a server. */
  const house: House;
  /** What openInstallationHouse() returned: one at hand, or one behind a server. */
  const installation: InstallationHouse;
  /** The models that evaluations ask, and who is told. */
  const parts: EvaluationParts;
}
`,
  // The prompts of an application.
  "prompts.ts": "export {};\n",
  // As `colophon snapshot` writes it.
  "colophon-snapshot.json": JSON.stringify({
    format: 1,
    revision: 5,
    at: 1_768_572_000_000,
    environments: ["development", "staging", "production"],
    prompts: {
      "support.triage": {
        risk: "medium",
        versions: { "1": { hash: "0".repeat(64), withdrawn: false } },
        releases: { production: { version: 1, model: null, inherited: null, plan: null } },
        overrides: [{ kind: "user", subject: "ada", version: 1, environment: null, expires: null }],
      },
    },
    texts: {
      ["0".repeat(64)]: { body: "{{ticket}}", model: { provider: "openai", id: "gpt-5-mini" }, input: {} },
    },
  }),
};

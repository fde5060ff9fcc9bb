/** Reads shares of versions as people write them: `v7=0.5,v8=0.5`, or a document of the same. */
import { versionNumber } from "@colophon/authoring";
import { type Arm, HarnessError } from "@colophon/kernel";

/**
 * @throws HarnessError `usage`.
 * @example
 * const policy = readPolicy("v7=0.8,v8=0.2");
 */
export function readPolicy(text: string): readonly Arm[] {
  const pairs = text.split(",").map((pair) => pair.split("="));
  const arms = pairs.map(([version = "", share = "", ...more]) => {
    if (more.length > 0) throw malformed(text);
    return armOf(version.trim(), share.trim());
  });
  const twice = arms.find(({ version }, at) => arms.findIndex((one) => one.version === version) < at);
  if (twice === undefined) return arms;
  throw new HarnessError("usage", `The policy "${text}" names v${twice.version} twice; give it one share.`);
}

/**
 * The same of a document, such as `{ "v7": 0.8, "v8": 0.2 }`.
 *
 * @throws HarnessError `usage`.
 * @example
 * const policy = readPolicyDocument({ v7: 0.8, v8: 0.2 });
 */
export function readPolicyDocument(value: unknown): readonly Arm[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(value);
  return Object.entries(value).map(([version, share]) => armOf(version, String(share)));
}

function armOf(version: string, share: string): Arm {
  const [, number, percent] = /^(\d*\.?\d+)\s*(%?)$/.exec(share) ?? [];
  if (number === undefined) {
    throw new HarnessError(
      "usage",
      `"${share}" is no share of ${version}; write it as 0.2 or 20%, as in v7=0.8,v8=0.2.`,
    );
  }
  return { version: versionNumber(version), share: percent === "%" ? Number(number) / 100 : Number(number) };
}

function malformed(value: unknown): HarnessError {
  return new HarnessError("usage", `${JSON.stringify(value)} is no policy; write it as v7=0.8,v8=0.2.`);
}

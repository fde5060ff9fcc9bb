/** The oldest Node that the embedded store runs on. */
import { HarnessError } from "@colophon/kernel";

const FLOOR = [22, 13] as const;

/**
 * @throws HarnessError `node-too-old` with one sentence.
 */
export function requireNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])) return;
  throw new HarnessError(
    "node-too-old",
    `Colophon's embedded store needs Node ${FLOOR.join(".")} or newer; this is ${version}.`,
  );
}

/** Reads what a process says of itself: which revision it serves, and since when. */
import { type Follower, HarnessError } from "@colophon/kernel";
import { z } from "zod";
import { environmentName } from "../operations/shapes.ts";

const followerShape = z.object({
  application: z.string().max(200).nullable(),
  environment: environmentName,
  revision: z.int().min(0),
  appliedAt: z.int().min(0),
});
const idShape = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/**
 * @param id as the process chose it.
 * @throws HarnessError `input-malformed`.
 * @example
 * const follower = readFollower("process-1", {
 *   application: "shop",
 *   environment: "production",
 *   revision: 41,
 *   appliedAt: Date.now(),
 * });
 */
export function readFollower(id: string, value: unknown): Omit<Follower, "seenAt" | "ended"> {
  const read = followerShape.safeParse(value);
  if (read.success) return { id: readFollowerId(id), ...read.data };
  const [issue] = read.error.issues;
  throw new HarnessError(
    "input-malformed",
    `This is no follower: ${issue?.path.join(".") || "the body"}: ${issue?.message ?? "it cannot be read"}.`,
  );
}

/**
 * @throws HarnessError `input-malformed` for what is no id of a process.
 * @example
 * const id = readFollowerId("process-1");
 */
export function readFollowerId(id: string): string {
  if (idShape.safeParse(id).success) return id;
  throw new HarnessError(
    "input-malformed",
    "A follower's id is 8 to 64 letters, digits, hyphens and underscores: give a new one at each start.",
  );
}

/** Shapes that many operations take or give. */
import { SUBJECT_KINDS } from "@colophon/kernel";
import { z } from "zod";

/** Longest name of anything that stands in a path or a record. */
const LONGEST_NAME = 200;
/** Longest reason, message or comment. */
const LONGEST_WORDS = 10_000;

/** The last moment that a `Date` holds; one beyond it could not be shown. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** Milliseconds since 1970. */
export const time = z.int().min(0).max(LAST_MOMENT);
export const environmentName = z.string().min(1).max(LONGEST_NAME);
export const promptKey = z.string().min(1).max(LONGEST_NAME);
export const words = z.string().max(LONGEST_WORDS);
export const versionNumber = z.int().min(1);
export const subject = z.object({ kind: z.enum(SUBJECT_KINDS), value: z.string().max(1000) });
export const modelShape = z.object({
  provider: z.string().max(LONGEST_NAME),
  id: z.string().max(LONGEST_NAME),
  parameters: z.record(z.string(), z.unknown()).exactOptional(),
});
/** What a change has put into the log. */
export const recordedShape = { revision: z.int().nullable(), at: z.string().nullable() };

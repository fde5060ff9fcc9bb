/** The error of a prompt that cannot be meant as its author wrote it. */
import { HarnessError } from "./errors.ts";

export function invalidPrompt(sentence: string): HarnessError {
  return new HarnessError("prompt-invalid", sentence);
}

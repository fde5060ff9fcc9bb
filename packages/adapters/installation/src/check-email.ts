/** Refuses what is no e-mail address, before anybody is known or invited under it. */
import { HarnessError } from "@colophon/kernel";

const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/;
const LONGEST_EMAIL = 254;

/** @throws HarnessError `usage`. */
export function checkEmail(email: string): void {
  if (EMAIL.test(email) && email.length <= LONGEST_EMAIL) return;
  throw new HarnessError("usage", `"${email}" is no e-mail address; write name@example.com.`);
}

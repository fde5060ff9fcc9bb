/** The roles of messages as other tools call them. */
import type { Role } from "@colophon/kernel";
import { CannotConvert } from "./cannot-convert.ts";

const ROLES: Readonly<Record<string, Role>> = {
  system: "system",
  user: "user",
  assistant: "assistant",
  developer: "system",
  human: "user",
  ai: "assistant",
  model: "assistant",
};

/** @param where for the sentence, such as `message 2`. @throws CannotConvert for a role without a counterpart. */
export function chatRole(role: unknown, where: string): Role {
  const found = typeof role === "string" && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
  if (found !== undefined) return found;
  throw new CannotConvert(`${where} has the role ${String(role)}; the roles are system, user and assistant.`);
}

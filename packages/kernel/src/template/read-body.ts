/** Parses every template of a body. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import type { Body, ChatPart } from "./body.ts";
import { locateErrors } from "./locate-errors.ts";
import { ROLES, type Role } from "./message.ts";
import { parseTemplate } from "./parse-template.ts";
import { unsupportedError } from "./tag-error.ts";
import type { Template } from "./template.ts";

/** A template of a body; the role is undefined for a text, which marks its roles itself. */
export interface BodyPart {
  readonly role: Role | undefined;
  /** Which message it is, counted from 1. */
  readonly number: number;
  readonly template: Template;
}

/** @throws HarnessError `template-syntax` or `template-unsupported`, for a chat body with the message it is in. */
export function readBody(body: Body): readonly (BodyPart | "history")[] {
  if (typeof body === "string") return [{ role: undefined, number: 1, template: parseTemplate(body) }];
  if (body.indexOf("history") !== body.lastIndexOf("history")) {
    throw new HarnessError("template-unsupported", say`A body has one history slot: remove the second.`);
  }
  return body.map((part, index) => (part === "history" ? part : readChatPart(part, index + 1)));
}

function readChatPart({ role, content }: Exclude<ChatPart, "history">, number: number): BodyPart {
  // Bodies come out of files and stores too, where no compiler looks at roles.
  if (!ROLES.includes(role)) {
    throw new HarnessError(
      "template-unsupported",
      say`Message ${words(() => `${number}`)} has the role ${role}: use system, user or assistant.`,
      { details: { message: number } },
    );
  }
  return locateErrors({ message: number }, () => {
    const template = parseTemplate(content);
    for (const node of template.nodes) {
      if (node.kind === "role" || node.kind === "history") {
        const site = { tag: `{{${node.kind}}}`, at: node.at };
        throw unsupportedError(site, say`in a list of messages, roles and history are parts of the list`);
      }
    }
    return { role, number, template };
  });
}

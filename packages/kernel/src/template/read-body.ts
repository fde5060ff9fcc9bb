/** Reads every template of a body. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import type { Body } from "./body.ts";
import { ROLES } from "./message.ts";
import type { Uses } from "./note-use.ts";
import { readTemplate } from "./read-template.ts";
import type { ReadOptions } from "./reading.ts";
import type { TemplateNode } from "./template.ts";

/**
 * The messages of a list one after the other, each behind its role.
 *
 * @param uses where a body is read for what it uses, and not to be rendered.
 * @throws HarnessError `template-syntax`, for a chat body with the message it is in; `partial-missing` or `partial-cycle`.
 */
export function readBody(body: Body, options: ReadOptions, uses?: Uses): TemplateNode[] {
  const reading = {
    ...options,
    scope: { path: "", proven: [], uses },
    role: "user",
    depth: 0,
    inside: [],
    count: { units: 0 },
  } as const;
  if (typeof body === "string") return readTemplate(body, reading);
  if (body.indexOf("history") !== body.lastIndexOf("history")) {
    throw new HarnessError("template-syntax", say`A body has one history slot: remove the second.`);
  }
  return body.flatMap((said, index): TemplateNode[] => {
    if (said === "history") return [{ kind: said, role: said, at: 0 }];
    const { role, content } = said;
    const part = { message: index + 1 };
    // Bodies come out of files and stores too, where no compiler looks at roles.
    if (!ROLES.includes(role)) {
      throw new HarnessError(
        "template-syntax",
        say`Message ${words(() => `${index + 1}`)} has the role ${role}: use system, user or assistant.`,
        { details: part },
      );
    }
    return [{ kind: "role", role, at: 0 }, ...readTemplate(content, { ...reading, role, part })];
  });
}

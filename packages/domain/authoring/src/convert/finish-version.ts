/** Holds what a conversion came to against the template language, and makes the prompt of it. */
import { type Body, buildText, errorCodeOf, templatePartials } from "@colophon/kernel";
import type { PromptMetadata } from "../prompt-metadata.ts";
import type { PromptSpec } from "../read-prompt-spec.ts";
import { CannotConvert } from "./cannot-convert.ts";

export interface ConvertedParts {
  readonly key: string;
  readonly parts: Parameters<typeof buildText>[0];
  readonly metadata: PromptMetadata;
}

/** @throws CannotConvert for a text that is empty, or no template of the house's. */
export function finishVersion({ key, parts, metadata }: ConvertedParts): PromptSpec {
  const { body } = parts;
  if (body === undefined || isEmpty(body)) throw new CannotConvert("its text is empty; a prompt has words.");
  try {
    templatePartials(body);
    return { key, text: buildText(parts), metadata };
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    throw new CannotConvert((error as Error).message);
  }
}

function isEmpty(body: Body): boolean {
  if (typeof body === "string") return body.trim() === "";
  return body.every((part) => part === "history" || part.content.trim() === "");
}

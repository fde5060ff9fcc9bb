/** Parses the templates of a prompt file, and says in which line of the file an error is. */
import { type Body, errorCodeOf, type HarnessError, templatePartials } from "@colophon/kernel";
import { helperAdvice } from "./dotprompt-advice.ts";
import { type Place, promptFileError } from "./prompt-file-error.ts";

export interface FileTemplate {
  /** A text of the file after as many line ends as lines stand before it, or what stands in a field. */
  readonly body: Body;
  /** Name of the file. */
  readonly name: string;
  /** The field that it stands in; absent for the body itself, where the error's own place is the file's. */
  readonly field?: { readonly name: string; readonly place: Place };
}

/** What the template language says of an error. */
interface TagError extends Pick<HarnessError, "message"> {
  readonly details: Place & { readonly tag: string };
}

/** @throws HarnessError `template-syntax`, with the line and column of the file. */
export function checkFileTemplate({ body, name, field }: FileTemplate): void {
  try {
    templatePartials(body);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    const { message, details } = error as TagError;
    const { tag, line, column } = details;
    const advice = helperAdvice(tag);
    const at = ` at line ${line}, column ${column}`;
    const said = advice === undefined ? message : `${tag}${at} is not supported: ${advice}.`;
    const problem =
      field === undefined
        ? { place: { line, column }, sentence: said.replace(at, "") }
        : { place: field.place, sentence: `In ${field.name}: ${said}` };
    throw promptFileError(name, [problem], code);
  }
}

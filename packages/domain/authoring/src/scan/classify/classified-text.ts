/** A text of a program with what stands around it, as it is judged. */
import type { FindingPlaceholder } from "../finding.ts";
import type { ContextStep, SourceModule } from "../source/source-module.ts";
import type { Span } from "../source/source-value.ts";

export interface ClassifiedText {
  /** In the template language: placeholders as `{{name}}`. */
  readonly text: string;
  readonly placeholders: readonly FindingPlaceholder[];
  /** What it is bound to, such as `SYSTEM_PROMPT`; null for a text written in place. */
  readonly name: string | null;
  /** As the source text has it, innermost first. */
  readonly context: readonly ContextStep[];
  readonly module: SourceModule;
  /** Of the whole text in the module's source; undefined where it is not known. */
  readonly span?: Span | undefined;
  /** Of the innermost call that it is an argument of; null for none. */
  readonly callee: readonly string[] | null;
  /** Names of the decorators of the function or class whose docstring it is. */
  readonly decorators?: readonly string[] | undefined;
}

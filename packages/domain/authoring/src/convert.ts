/** Conversion: other tools' prompts become prompts of the house. */
export { convertDotprompt, type DotpromptOptions } from "./convert/dotprompt/convert-dotprompt.ts";
export type { DotpromptFile } from "./convert/dotprompt/convert-dotprompt-file.ts";
export { ImportKeys } from "./convert/import-key.ts";
export {
  type Imported,
  type ImportedSet,
  type ImportedVersion,
  type ImportRemark,
  Remarks,
} from "./convert/imported.ts";
export { convertLangfuse } from "./convert/langfuse/convert-langfuse.ts";
export {
  convertLangfuseDataset,
  type LangfuseDataset,
} from "./convert/langfuse/convert-langfuse-dataset.ts";
export {
  convertPromptfoo,
  type PromptfooConfig,
  type PromptfooPrompt,
} from "./convert/promptfoo/convert-promptfoo.ts";
export { convertPrompty } from "./convert/prompty/convert-prompty.ts";
export { repinVersion } from "./convert/repin-version.ts";
export { splitCases } from "./convert/split-cases.ts";

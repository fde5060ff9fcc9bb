/** The subpath for the SDK: what code declares becomes a text and records; no libraries, no node modules. */
export {
  type Declaration,
  type DeclarationsCommand,
  decideDeclarations,
  type MirroredDeclaration,
} from "./decide-declarations.ts";
export { pinPartials } from "./partials.ts";
export { promptKey } from "./prompt-key.ts";
export type { PromptMetadata } from "./prompt-metadata.ts";
export { missingTexts } from "./text-of.ts";
export { type VersionReference, versionNumber, versionReference } from "./version-reference.ts";

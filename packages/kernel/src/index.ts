/** The kernel: the words, records, hashes, contracts, template language, errors and ports of the house. */
export * from "./access.ts";
export { base64 } from "./base64.ts";
export * from "./build-text.ts";
export * from "./canonical-json.ts";
export * from "./chain.ts";
export * from "./clock.ts";
export * from "./contract.ts";
export { editDistance } from "./edit-distance.ts";
export * from "./errors.ts";
export * from "./ids.ts";
export { invalidPrompt } from "./invalid-prompt.ts";
export * from "./json-schema.ts";
export * from "./localized-texts.ts";
export * from "./media.ts";
export {
  MEDIA_KEYWORD,
  MEDIA_SCHEMAS,
  type MediaForm,
  mediaContractProblems,
  mediaPaths,
} from "./media-contract.ts";
export * from "./metric-sketch.ts";
export * from "./model-choice.ts";
export * from "./nearest-name.ts";
export * from "./ports/coordination.ts";
export * from "./ports/installation.ts";
export * from "./ports/ledger-entry.ts";
export * from "./ports/ledger-sink.ts";
export * from "./ports/ledger-store.ts";
export * from "./ports/model-caller.ts";
export * from "./ports/price-book.ts";
export * from "./ports/record-store.ts";
export * from "./ports/snapshot-source.ts";
export * from "./ports/store-care.ts";
export * from "./random.ts";
export * from "./records/actor.ts";
export * from "./records/execution.ts";
export * from "./records/later-records.ts";
export * from "./records/outcome.ts";
export * from "./records/price-table.ts";
export * from "./records/read-ledger-entry.ts";
export * from "./records/registry-records.ts";
export * from "./records/rollout-plan.ts";
export * from "./registry-lookup.ts";
export * from "./registry-state.ts";
export * from "./review-findings.ts";
export { filled, isObject, mapFields } from "./said-fields.ts";
export { say, words } from "./say.ts";
export { allowsNull, FILLED_KEYWORD, propertiesOf } from "./schema-view.ts";
export * from "./sha256.ts";
export * from "./snapshot-document.ts";
export * from "./subject.ts";
export type { Body, ChatPart } from "./template/body.ts";
export { type CompiledBody, compileBody } from "./template/compile-body.ts";
export { fenceId } from "./template/fence-id.ts";
export { type ContentPart, type Message, ROLES, type Role } from "./template/message.ts";
export { parseTemplate } from "./template/parse-template.ts";
export type { PartialSource } from "./template/reading.ts";
export { scanTemplate, type TemplateToken } from "./template/scan-template.ts";
export type { PartialRef, Template, TemplateNode } from "./template/template.ts";
export { templatePartials } from "./template/template-partials.ts";
export { templateVariables } from "./template/template-variables.ts";
export * from "./version-text.ts";
export * from "./vocabulary.ts";
export { Waiting } from "./waiting.ts";

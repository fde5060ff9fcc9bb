/** The subpath for taking prompts out of source code, apart from the rest since it loads parsers. */
export { type ExtractedSources, extractSources, type SourcesToExtract } from "./extract/extract-sources.ts";
export type {
  Extraction,
  ExtractionProposal,
  FileChange,
  LeftAlone,
  ProposalChoice,
} from "./extract/extraction.ts";
export { extractionPlan, readExtractionPlan } from "./extract/extraction-plan.ts";
export { PYTHON_HELPER } from "./extract/python/python-snippet.ts";
export { unifiedDiff } from "./extract/unified-diff.ts";

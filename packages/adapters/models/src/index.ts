/** Models: how they are called, and what they cost. */
export type { CallTrouble, TroubleReader } from "./calls/call-failure.ts";
export { createEmbedder } from "./calls/create-embedder.ts";
export {
  type CallOptions,
  type CallWriter,
  createModelCaller,
  type ModelCallerOptions,
} from "./calls/create-model-caller.ts";
export type { Fetch, ModelObject } from "./calls/language-model.ts";
export {
  type ByProvider,
  type EndpointOptions,
  type ModelEndpoint,
  modelEndpoint,
} from "./calls/model-endpoint.ts";
export { type ListPrices, loadListPrices } from "./list-prices.ts";
export { type ReadPrices, readPriceTable } from "./read-price-table.ts";
export { recordedPrices, type TableSpan, tableSpans } from "./recorded-prices.ts";
export { tablePrices } from "./table-prices.ts";

/** The public face of the simulator: a server for tests and demos that reads its prompt and is no model. */

export { createSimulator, type Simulator } from "./create-simulator.ts";
export type {
  Effort,
  MindMessage,
  RequestedFormat,
  Role,
  SchemaNode,
  ToolCall,
  ToolChoice,
  ToolOffer,
} from "./mind/mind-request.ts";
export { MODEL_PROFILES, type ModelMaker, type ModelProfile } from "./profiles.ts";
export type { ReplyChoice, SimulatorReply, SimulatorRequest } from "./serve/answer-machine.ts";
export type { PromptSegment } from "./serve/breakpoint-cache.ts";
export type { LineUpOptions, ModelDrift, ModelRetirement } from "./serve/model-line-up.ts";
export { readDrift, readFaultRate, readLatency, readNewModel, readRetirement } from "./serve/read-options.ts";
export type { CallEnd, FinishReason, ServedCall, Usage, WireName } from "./serve/served-call.ts";
export type { FaultRates, LatencyRange, SimulatorOptions } from "./serve/simulator-options.ts";
export { type RunningSimulator, type StartOptions, startSimulator } from "./start-simulator.ts";
export { type SupportTicket, ticketCorpus } from "./tickets/ticket-corpus.ts";
export { TICKET_LABELS, type TicketDifficulty, type TicketLabel } from "./tickets/ticket-phrases.ts";
export { triageBodies } from "./tickets/triage-bodies.ts";

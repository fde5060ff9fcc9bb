/** `colophon/fallback`: `record` on a prompt's other models, for places where `open` is given its parts. */
export { type AttemptPolicy, type Fallback, type FallbackPolicy, modelFallback } from "@colophon/runtime";

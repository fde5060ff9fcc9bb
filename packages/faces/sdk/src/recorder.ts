/** `colophon/recorder`: rows, outcomes and traces of calls, for places where `open` is given its parts. */
export { editDistance, STANDARD_OUTCOMES } from "@colophon/kernel";
export { type Recorder, recorder } from "@colophon/runtime";

/** `colophon.trace`: ties the calls of a task together. */
import type { ExecutionId, IdSource } from "@colophon/kernel";
import { spanTask } from "./span-task.ts";
import type { AsyncPlace, Telemetry, TracePlace } from "./tracing.ts";

/** Where calls of a trace stand: what to spread into the context of `resolve` where the platform does not carry it. */
export interface Trace {
  /** 32 hex digits (W3C trace context). */
  readonly trace: string;
  /** 16 hex digits; left out where there is no telemetry. */
  readonly span?: string;
  /** The execution within which the trace was begun. */
  readonly parent?: ExecutionId;
}

/** What a trace is begun with. */
export interface TraceParts {
  readonly traces: AsyncPlace;
  readonly telemetry: Telemetry | undefined;
  readonly ids: IdSource;
}

/** A task of a name, which is told its trace. */
export interface TracedTask<R> {
  readonly name: string;
  readonly task: (trace: Trace) => R;
}

/** Runs a task in a trace, or in the one that is active already; returns exactly what the task returned. */
export function runTrace<R>({ name, task }: TracedTask<R>, { traces, telemetry, ids }: TraceParts): R {
  const own = traces.getStore();
  const active = telemetry?.active();
  const around = active ?? own;
  const span = telemetry?.enclose(name, { trace: around?.trace ?? null, span: around?.span ?? null });
  // A version 7 UUID has more random bits than the trace context asks for.
  const trace = around?.trace ?? span?.trace ?? ids.next().replaceAll("-", "");
  const place: TracePlace = {
    trace,
    span: (span?.trace === trace ? span.span : around?.span) ?? null,
    parent: active?.parent ?? own?.parent ?? null,
    steps: own?.trace === trace ? own.steps : new Map(),
  };
  const run = (): R => traces.run(place, () => task(traceOf(place)));
  return span === undefined ? run() : spanTask(span, run);
}

function traceOf({ trace, span, parent }: TracePlace): Trace {
  return { trace, ...(span !== null && { span }), ...(parent !== null && { parent }) };
}

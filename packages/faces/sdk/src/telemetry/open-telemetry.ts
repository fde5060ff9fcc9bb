/** Spans and metrics of calls in the OpenTelemetry of the application, where it has one. */
import type { ExecutionDraft, ExecutionId } from "@colophon/kernel";
import type { CallSpan, SpanParent, SpanStart, Telemetry, TracePlace, TraceSpan } from "@colophon/runtime";
import { type CallMetrics, callMetrics } from "./call-metrics.ts";
import {
  type Attributes,
  contextWith,
  KIND_CLIENT,
  KIND_INTERNAL,
  type OtelApi,
  type OtelContext,
  type OtelContextManager,
  type OtelMeterProvider,
  type OtelSpan,
  type OtelTracer,
  type OtelTracerProvider,
  registeredApi,
  SPAN_KEY,
  STATUS_ERROR,
  validContext,
} from "./otel-api.ts";
import { endAttributes, startAttributes } from "./span-attributes.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Our name among the application's instrumentations. */
const SCOPE = "colophon";

/** The context key of the execution within which something happens. */
const EXECUTION_KEY = Symbol.for("colophon.execution");

/** What a span is begun with. */
interface SpanPlan {
  readonly name: string;
  readonly kind: number;
  readonly attributes?: Attributes;
  readonly parent: SpanParent;
  /** The execution that it is the span of; null for the span of a trace. */
  readonly execution: ExecutionId | null;
}

/** Telemetry over what is registered at the time of each call; where nothing is, it costs a look at one global. */
class OpenTelemetry implements Telemetry {
  readonly #options: TelemetryOptions;
  #tracer: { readonly of: OtelTracerProvider; readonly is: OtelTracer } | undefined;
  #metrics: { readonly of: OtelMeterProvider; readonly are: CallMetrics } | undefined;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  get #api(): OtelApi | undefined {
    return this.#options.api ?? registeredApi();
  }

  active(): TracePlace | undefined {
    const api = this.#api;
    if (api?.context === undefined) return undefined;
    const manager = api.context;
    return quietly(() => {
      const context = manager.active();
      const active = validContext(context.getValue(SPAN_KEY));
      if (active === undefined) return undefined;
      const parent = (context.getValue(EXECUTION_KEY) as ExecutionId | undefined) ?? null;
      return { trace: active.traceId, span: active.spanId, parent, steps: null };
    });
  }

  begin(start: SpanStart): CallSpan | undefined {
    const api = this.#api;
    if (api?.trace === undefined) return undefined;
    const options = this.#options;
    return quietly(() => {
      const begun = this.#begin(api, {
        name: `chat ${start.model.id}`,
        kind: KIND_CLIENT,
        attributes: startAttributes(start, options),
        parent: start.place,
        execution: start.id,
      });
      return begun === undefined ? undefined : new OpenCallSpan(begun, options);
    });
  }

  enclose(name: string, parent: SpanParent): TraceSpan | undefined {
    const api = this.#api;
    if (api?.trace === undefined) return undefined;
    return quietly(() => {
      const begun = this.#begin(api, { name, kind: KIND_INTERNAL, parent, execution: null });
      return begun === undefined ? undefined : new OpenTraceSpan(begun);
    });
  }

  measure(row: ExecutionDraft): void {
    const api = this.#api;
    if (api?.metrics === undefined) return;
    const { metrics } = api;
    quietly(() => {
      const meters = metrics.getMeterProvider?.() ?? metrics;
      if (this.#metrics?.of !== meters)
        this.#metrics = { of: meters, are: callMetrics(meters, this.#options) };
      this.#metrics.are(row);
    });
  }

  #begin({ trace, context: manager }: OtelApi, plan: SpanPlan): BegunParts | undefined {
    const tracer = this.#tracerOf(trace?.getTracerProvider?.() ?? (trace as OtelTracerProvider));
    const context = parentContext(manager?.active(), plan.parent);
    const { name, kind, attributes } = plan;
    const span = tracer.startSpan(name, attributes === undefined ? { kind } : { kind, attributes }, context);
    const ids = validContext(span);
    if (ids === undefined) return undefined;
    // Without a manager nothing can be active: the runtime's own traces carry the place then.
    if (manager === undefined || context === undefined) return { span, ids, within: undefined };
    const inside = context.setValue(SPAN_KEY, span);
    const { execution } = plan;
    const active = execution === null ? inside : inside.setValue(EXECUTION_KEY, execution);
    return { span, ids, within: (task) => runWith(manager, active, task) };
  }

  /** A provider hands out the same tracer for a name; another provider may be registered meanwhile. */
  #tracerOf(provider: OtelTracerProvider): OtelTracer {
    if (this.#tracer?.of !== provider) this.#tracer = { of: provider, is: provider.getTracer(SCOPE) };
    return this.#tracer.is;
  }
}

/** Runs a task once, in a context if its manager can do it; what the task throws is the task's. */
function runWith<R>(manager: OtelContextManager, context: OtelContext, task: () => R): R {
  let began = false;
  const run = (): R => {
    began = true;
    return task();
  };
  try {
    return manager.with(context, run);
  } catch (error) {
    if (began) throw error;
    return task();
  }
}

/** The active context, unless the application put the call elsewhere. */
function parentContext(
  active: OtelContext | undefined,
  { trace, span }: SpanParent,
): OtelContext | undefined {
  if (trace === null || span === null) return active;
  const current = validContext(active?.getValue(SPAN_KEY));
  return current?.spanId === span && current.traceId === trace
    ? active
    : contextWith(active, { trace, span });
}

interface BegunParts {
  readonly span: OtelSpan;
  readonly ids: { readonly traceId: string; readonly spanId: string };
  readonly within: (<R>(task: () => R) => R) | undefined;
}

class OpenSpan {
  readonly trace: string;
  readonly span: string;
  protected readonly otel: OtelSpan;
  readonly #within: BegunParts["within"];

  constructor({ span, ids, within }: BegunParts) {
    this.trace = ids.traceId;
    this.span = ids.spanId;
    this.otel = span;
    this.#within = within;
  }

  within<R>(task: () => R): R {
    return this.#within === undefined ? task() : this.#within(task);
  }
}

class OpenCallSpan extends OpenSpan implements CallSpan {
  readonly #options: TelemetryOptions;

  constructor(begun: BegunParts, options: TelemetryOptions) {
    super(begun);
    this.#options = options;
  }

  end(row: ExecutionDraft): void {
    const { otel } = this;
    quietly(() => {
      if (!otel.isRecording()) return;
      otel.setAttributes(endAttributes(row, this.#options));
      if (row.status === "error") otel.setStatus(failed(row.error));
    });
    quietly(() => otel.end());
  }
}

class OpenTraceSpan extends OpenSpan implements TraceSpan {
  end(failure?: { readonly error: unknown }): void {
    const { otel } = this;
    quietly(() => {
      if (failure === undefined) return;
      const type = failure.error instanceof Error ? failure.error.constructor.name : "_OTHER";
      otel.setAttributes({ "error.type": type });
      otel.setStatus(failed(type));
    });
    // Whatever could not be said of it, a span that never ends is lost.
    quietly(() => otel.end());
  }
}

/** Class and status of an error; its message may quote contents. */
function failed(error: string | null): { readonly code: number; readonly message?: string } {
  return error === null ? { code: STATUS_ERROR } : { code: STATUS_ERROR, message: error };
}

/** Whatever an application's telemetry throws is its own trouble, and never the call's. */
function quietly<R>(look: () => R): R | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/**
 * Spans and metrics of calls by the GenAI conventions of OpenTelemetry. Under Node `open` does it by
 * itself; on an edge runtime it is passed to `open`.
 *
 * @example
 * import { open } from "colophon";
 * import { recorder } from "colophon/recorder";
 * import { openTelemetry } from "colophon/telemetry";
 *
 * const colophon = open({ recorder, telemetry: openTelemetry({ langfuse: true }) });
 */
export function openTelemetry(options: TelemetryOptions = {}): Telemetry {
  return new OpenTelemetry(options);
}

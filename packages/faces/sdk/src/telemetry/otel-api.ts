/** What is used of the OpenTelemetry API, by its shape: the package is the application's own or nobody's. */

/** A value of an attribute. */
export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Record<string, AttributeValue>;

export interface OtelSpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

export interface OtelSpan {
  spanContext(): OtelSpanContext;
  isRecording(): boolean;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(): void;
}

/** What is active; every change makes another one. */
export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
  deleteValue(key: symbol): OtelContext;
}

export interface OtelTracer {
  startSpan(
    name: string,
    options?: { readonly kind?: number; readonly attributes?: Attributes },
    context?: OtelContext,
  ): OtelSpan;
}

export interface OtelHistogram {
  record(value: number, attributes?: Attributes): void;
}

export interface OtelMeter {
  createHistogram(
    name: string,
    options?: {
      readonly unit?: string;
      readonly description?: string;
      readonly advice?: { readonly explicitBucketBoundaries?: number[] };
    },
  ): OtelHistogram;
}

export interface OtelTracerProvider {
  getTracer(name: string, version?: string): OtelTracer;
  /** Of the API's own namespace alone: who is registered now. */
  getTracerProvider?(): OtelTracerProvider;
}

export interface OtelContextManager {
  active(): OtelContext;
  with<R>(context: OtelContext, task: () => R): R;
}

export interface OtelMeterProvider {
  getMeter(name: string, version?: string): OtelMeter;
  /** Of the API's own namespace alone: who is registered now. */
  getMeterProvider?(): OtelMeterProvider;
}

/**
 * The OpenTelemetry API: the namespace of `@opentelemetry/api`, or the providers themselves where they
 * are registered nowhere.
 */
export interface OtelApi {
  readonly trace?: OtelTracerProvider;
  readonly context?: OtelContextManager;
  readonly metrics?: OtelMeterProvider;
}

/** Under this name every copy of `@opentelemetry/api` 1.x meets the others (its internal/global-utils). */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/** What is registered in this process; undefined where nothing is. It may come at any time. */
export function registeredApi(): OtelApi | undefined {
  return (globalThis as { readonly [REGISTERED]?: OtelApi })[REGISTERED];
}

/** The context key of the active span (trace/context-utils of `@opentelemetry/api` 1.x). */
export const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

/** `SpanKind`, `SpanStatusCode` and `TraceFlags` of the API. */
export const KIND_INTERNAL = 0;
export const KIND_CLIENT = 2;
export const STATUS_ERROR = 2;
const SAMPLED = 1;

/** The span context of a span; undefined for one that is none, such as that of a tracer that does nothing. */
export function validContext(span: unknown): OtelSpanContext | undefined {
  const context = (span as OtelSpan | undefined)?.spanContext();
  return context !== undefined && /[1-9a-f]/.test(context.traceId) && /[1-9a-f]/.test(context.spanId)
    ? context
    : undefined;
}

/** A context in which a span is active that is known by its ids alone. */
export function contextWith(
  base: OtelContext | undefined,
  parent: { readonly trace: string; readonly span: string },
): OtelContext {
  const context: OtelSpanContext = { traceId: parent.trace, spanId: parent.span, traceFlags: SAMPLED };
  return (base ?? new PlainContext(new Map())).setValue(SPAN_KEY, {
    spanContext: () => context,
    isRecording: () => false,
  });
}

/** A context for where no manager of contexts is registered. */
class PlainContext implements OtelContext {
  readonly #values: ReadonlyMap<symbol, unknown>;

  constructor(values: ReadonlyMap<symbol, unknown>) {
    this.#values = values;
  }

  getValue(key: symbol): unknown {
    return this.#values.get(key);
  }

  setValue(key: symbol, value: unknown): OtelContext {
    return new PlainContext(new Map(this.#values).set(key, value));
  }

  deleteValue(key: symbol): OtelContext {
    const values = new Map(this.#values);
    values.delete(key);
    return new PlainContext(values);
  }
}

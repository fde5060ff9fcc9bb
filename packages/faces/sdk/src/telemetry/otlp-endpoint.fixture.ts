/** A real OTLP endpoint over HTTP, and the SDK of OpenTelemetry exporting to it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type Sampler, TracerProvider } from "@opentelemetry/sdk-trace";

type OtlpValue = {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
};

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly scope: string;
  readonly name: string;
  /** As OTLP counts: 1 internal, 3 client. */
  readonly kind: number;
  readonly trace: string;
  readonly span: string;
  readonly parent: string | null;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface OtlpEndpoint {
  readonly provider: TracerProvider;
  readonly contexts: AsyncLocalStorageContextManager;
  /** Registers the SDK for the whole process. */
  register(): void;
  /** Every span received so far, after what is waiting was sent; in the order in which they ended. */
  spans(): Promise<readonly ReceivedSpan[]>;
  stop(): Promise<void>;
}

/** Starts the endpoint and an SDK that sends to it. */
export async function startOtlpEndpoint(sampler?: Sampler): Promise<OtlpEndpoint> {
  const received: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(...readRequest(JSON.parse(body) as OtlpRequest));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "shop" }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
    ...(sampler !== undefined && { sampler }),
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  return {
    provider,
    contexts,
    register() {
      trace.setGlobalTracerProvider(provider);
      context.setGlobalContextManager(contexts);
    },
    async spans() {
      await provider.forceFlush();
      return received;
    },
    async stop() {
      trace.disable();
      context.disable();
      await provider.shutdown();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function readRequest({ resourceSpans }: OtlpRequest): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ name, kind, traceId, spanId, parentSpanId, status, attributes }) => ({
        scope: scope.name,
        name,
        kind,
        trace: traceId,
        span: spanId,
        parent: parentSpanId === undefined || parentSpanId === "" ? null : parentSpanId,
        status,
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)])),
      })),
    ),
  );
}

function readValue(value: OtlpValue): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(readValue);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
}

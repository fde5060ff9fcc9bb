/** Traces all texts of the scanned modules that go to models. */
import { createTracer } from "./create-tracer.ts";
import type { Tracers } from "./find-places.ts";
import type { ModuleIndex } from "./module-index.ts";
import { traceClientCall } from "./trace-client-calls.ts";
import { traceDecorated } from "./trace-decorated.ts";
import { traceHttpCall } from "./trace-http-calls.ts";
import { traceMessages } from "./trace-messages.ts";
import type { TracedUses } from "./traced-use.ts";

export function createTracers(index: ModuleIndex): Tracers {
  return {
    full: createTracer(index, { followsCalls: true }),
    constant: createTracer(index, { followsCalls: false }),
  };
}

/** Every text that was seen to go to a call of a model, or that plainly is a message of a chat. */
export function traceUses(tracers: Tracers): TracedUses {
  const { modules } = tracers.full.index;
  const traced = modules.flatMap(({ calls }, module): readonly TracedUses[] => [
    ...calls.flatMap((_, call) => [
      traceClientCall(tracers, { module, call }),
      traceHttpCall(tracers, { module, call }),
    ]),
    traceDecorated(tracers, module),
    traceMessages(tracers, module),
  ]);
  return {
    uses: traced.flatMap(({ uses }) => uses),
    glue: traced.flatMap(({ glue }) => glue),
    others: traced.flatMap(({ others }) => others),
  };
}

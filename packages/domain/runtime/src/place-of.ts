/** Where a call stands among others: as the application says, else by its telemetry, else by its own trace. */
import type { ResolveContext } from "./declaration.ts";
import type { StepPlace } from "./recording.ts";
import type { RunPlace } from "./run.ts";
import { saidPlace } from "./said-place.ts";
import { stepAfter, type TraceSteps } from "./trace-steps.ts";
import type { AsyncPlace, Telemetry } from "./tracing.ts";

/** What the places of one runtime's calls are read from. */
export interface PlaceSpace {
  readonly telemetry: Telemetry | undefined;
  /** The application's own traces, where the platform can carry them through asynchronous code. */
  readonly traces: AsyncPlace | undefined;
  readonly traceSteps: TraceSteps;
}

/** A call as far as its place depends on it. */
export interface PlacedCall {
  readonly key: string;
  /** 1, or left out, for the first try. */
  readonly attempt?: number | undefined;
  /** Its place in its record, where it is not the first provider call of it. */
  readonly of?: StepPlace | undefined;
}

/** The place of a call, which is thereby counted as a step of its trace. */
export function placeOf(call: PlacedCall, context: ResolveContext, space: PlaceSpace): RunPlace {
  const said = saidPlace(context);
  const active = space.telemetry?.active();
  const own = space.traces?.getStore();
  const trace = said.trace ?? active?.trace ?? own?.trace ?? null;
  const here = active?.trace === trace ? active : own;
  const counts = own?.trace === trace ? own.steps : null;
  return {
    trace,
    // A span of another trace says nothing here.
    span: said.span ?? (here?.trace === trace ? here.span : null),
    parent: call.of?.parent ?? said.parent ?? active?.parent ?? own?.parent ?? null,
    step:
      saidStep(call, said) ?? countedStep(call, trace, counts ?? space.traceSteps) ?? call.of?.step ?? null,
  };
}

/** The step that the application says; it knows of the first provider call of a record alone. */
function saidStep({ of }: PlacedCall, { step }: ResolveContext): number | undefined {
  return step === undefined ? undefined : step + (of === undefined ? 0 : of.step - 1);
}

function countedStep(
  call: PlacedCall,
  trace: string | null,
  counts: Map<string, number> | TraceSteps,
): number | undefined {
  if (trace === null) return undefined;
  const attempt = call.of?.attempt ?? call.attempt ?? 1;
  if (!(counts instanceof Map)) return counts.next(trace, call.key, attempt);
  const step = stepAfter(counts.get(call.key), attempt);
  counts.set(call.key, step);
  return step;
}

/** Calls of a registered prompt from outside an application's code: resolved, rendered and recorded by the same runtime. */

import { createHash } from "node:crypto";
import {
  getEnvironment,
  getPrompt,
  HarnessError,
  type LedgerSink,
  type ModelChoice,
  type SnapshotSource,
} from "@colophon/kernel";
import {
  anthropic,
  type Call,
  createRuntime,
  type Declaration,
  followRegistry,
  openai,
  type Resolution,
  type ResolveContext,
  type Runtime,
  recorder,
  type Wire,
} from "@colophon/runtime";
import { type Spending, SpendingSums } from "./costs/spending.ts";
import type { Harness } from "./harness.ts";
import {
  type CheckerOf,
  chooseDeclaration,
  declaredText,
  registryDeclaration,
  variablesOf,
} from "./registry-declaration.ts";
import { checkVariables } from "./render-prompt.ts";

export type Variables = Readonly<Record<string, unknown>>;

export interface CallsOptions {
  readonly key: string;
  readonly environment: string;
  /** As in `resolvePrompt`. */
  readonly application?: string | null | undefined;
  readonly checkerOf: CheckerOf;
  /**
   * The model that is called instead of the version's own; the arguments and the rows name it. One of
   * another provider is called without the version's parameters, which only the version's own knows.
   */
  readonly model?: ModelChoice | undefined;
  /** The route whose model is called. */
  readonly route?: string | undefined;
  readonly onNotice: (message: string) => void;
}

/** A prompt ready to be called many times. */
export interface PromptCalls {
  /** Top-level variables, of what would be served without any subject; null when the contract leaves them open. */
  readonly variables: ReadonlySet<string> | null;
  /**
   * The model that a call would be made on.
   *
   * @throws HarnessError `version-unknown` when nothing would be served, `usage` for a route that is not there,
   *   `misfit` for one whose model the code cannot call, or for variables that do not fit.
   */
  check(variables: Variables, context: ResolveContext): ModelChoice;
  resolve(context: ResolveContext): Call<Variables>;
  /** The model that a call is made on. */
  modelOf(call: Call<Variables>): ModelChoice;
  /** What the calls made so far used. */
  spending(): Promise<Spending>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const READY_MS = 10_000;

/**
 * Makes a prompt ready to be called many times, as an application would.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `application-unknown` or `store-busy`.
 * @example
 * const calls = await openCalls(harness, {
 *   key: "support.triage",
 *   environment: "development",
 *   checkerOf: () => (value) => ({ value }),
 *   onNotice: console.warn,
 * });
 * const answer = await calls.resolve({ user: "ada" }).record({ ticket }, (p) => client.chat.completions.create(p.openai()));
 * await calls.close();
 */
export async function openCalls(harness: Harness, options: CallsOptions): Promise<PromptCalls> {
  const { key, environment, application } = options;
  const state = await harness.records.state();
  const prompt = getPrompt(state, key);
  getEnvironment(state, environment);
  const declared = chooseDeclaration(prompt, environment, { application });
  const declaration = registryDeclaration({ key, declared, text: await declaredText(harness, declared) });
  const sums = new SpendingSums();
  const runtime = openRuntime(harness, options, sums);
  const { ready, reason } = await runtime.ready({ timeoutMs: READY_MS });
  if (!ready) {
    await runtime.close();
    throw new HarnessError(
      "store-busy",
      `The store ${harness.store} could not be read (${reason}); try again.`,
    );
  }
  return callsOf({ harness, runtime, declared: declaration, sums }, options);
}

interface CallsParts {
  readonly harness: Harness;
  readonly runtime: Runtime;
  readonly declared: Declaration;
  readonly sums: SpendingSums;
}

function callsOf(
  { harness, runtime, declared, sums }: CallsParts,
  { key, environment, checkerOf, model, route }: CallsOptions,
): PromptCalls {
  const checkers = new Map<string, ReturnType<CheckerOf>>();
  const cached: CheckerOf = (schema) => {
    const name = JSON.stringify(schema);
    const known = checkers.get(name) ?? checkerOf(schema);
    checkers.set(name, known);
    return known;
  };
  const input = declared.caller?.input;
  const declaration = input === undefined ? declared : { ...declared, checkInput: cached(input) };
  const routed = (context: ResolveContext): ResolveContext =>
    route === undefined ? context : { ...context, route };
  const plain = input ?? runtime.decide(declaration, {}).servable?.text.input;
  return {
    variables: plain === undefined ? null : variablesOf(plain),
    check(variables, context) {
      const { resolution, servable } = runtime.decide(declaration, routed(context));
      const schema = input ?? servable?.text.input;
      if (schema === undefined || servable === null) {
        throw new HarnessError(
          "version-unknown",
          `Nothing of ${key} can be served in ${environment}; release a version there first.`,
        );
      }
      checkRoute(resolution);
      checkVariables({ key, input: schema, variables, checkerOf: cached });
      return model ?? resolution.model;
    },
    resolve: (context) => runtime.resolve<Variables>(declaration, routed(context)),
    modelOf: ({ resolution }) => model ?? resolution.model,
    spending: () => sums.spending(harness),
    flush: () => runtime.flush(),
    close: () => runtime.close(),
  };
}

/** An application falls back to the primary model; whoever names a route by hand wants that one. */
function checkRoute({ key, route }: Resolution): void {
  if (route === null || route.outcome === "chosen") return;
  if (route.outcome === "absent") {
    throw new HarnessError("usage", `${key} has no route "${route.name}"; name one of its routes, or none.`);
  }
  throw new HarnessError("misfit", `The route "${route.name}" of ${key} does not fit: ${route.reason}.`);
}

function openRuntime(
  harness: Harness,
  { environment, model, onNotice }: CallsOptions,
  sums: SpendingSums,
): Runtime {
  const { clock, ids } = harness;
  const source: SnapshotSource = harness.openSource(onNotice);
  const sink: LedgerSink = harness.openSink(onNotice);
  const wires = [openai, anthropic];
  return createRuntime({
    clock,
    ids,
    source: followRegistry(source, onNotice),
    recorder,
    sink: watchedSink(sink, { model, sums }),
    environment,
    wires: model === undefined ? wires : wires.map((wire) => wireFor(wire, model)),
    sha256: (data) => createHash("sha256").update(data).digest("hex"),
    onNotice,
  });
}

/** Rows name the model that a person chose, and their tokens are added up. */
function watchedSink(
  sink: LedgerSink,
  { model, sums }: { readonly model: ModelChoice | undefined; readonly sums: SpendingSums },
): LedgerSink {
  return {
    write(row) {
      const named =
        model === undefined ? row : { ...row, requestedModel: model.id, provider: model.provider };
      sums.add(named);
      return sink.write(named);
    },
    writeOutcome: (row) => sink.writeOutcome(row),
    writeStart: (row) => sink.writeStart(row),
    gap: (kind, more) => sink.gap(kind, more),
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

/** Arguments for the model that a person chose. */
function wireFor(wire: Wire, chosen: ModelChoice): Wire {
  const writers = Object.entries(wire.writers).map(([name, write]) => {
    const writer: typeof write = (prompt, options) => {
      const own = prompt.model.provider === chosen.provider ? prompt.model : {};
      return write({ ...prompt, model: { ...own, ...chosen } }, options);
    };
    return [name, writer] as const;
  });
  return { ...wire, writers: Object.fromEntries(writers) };
}

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
  type Call,
  createRuntime,
  type Declaration,
  type ResolveContext,
  type Runtime,
} from "@colophon/runtime";
import { createSqliteSink, createSqliteSnapshotSource } from "@colophon/storage/sqlite/core";
import type { Harness } from "./harness.ts";
import { type CheckerOf, declaredHash, registryDeclaration, variablesOf } from "./registry-declaration.ts";
import { checkVariables } from "./render-prompt.ts";

export type Variables = Readonly<Record<string, unknown>>;

export interface CallsOptions {
  readonly key: string;
  readonly environment: string;
  readonly checkerOf: CheckerOf;
  /** The model that is called instead of the version's own; the rows name it. */
  readonly model?: ModelChoice;
  readonly onNotice: (message: string) => void;
}

/** A prompt ready to be called many times. */
export interface PromptCalls {
  /** Top-level variables, of what would be served without any subject; null when the contract leaves them open. */
  readonly variables: ReadonlySet<string> | null;
  /** @throws HarnessError `version-unknown` when nothing would be served, or for variables that do not fit. */
  check(variables: Variables, context: ResolveContext): void;
  resolve(context: ResolveContext): Call<Variables>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const READY_MS = 10_000;

/**
 * Makes a prompt ready to be called many times, as an application would.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `store-unsupported` or `store-busy`.
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
  const { key, environment } = options;
  const state = await harness.records.state();
  getPrompt(state, key);
  getEnvironment(state, environment);
  const hash = declaredHash(state, key, environment);
  const text = hash === undefined ? undefined : (await harness.records.listTexts([hash])).get(hash);
  const declaration = registryDeclaration({ key, environment, state, text });
  const runtime = openRuntime(harness, options);
  const { ready, reason } = await runtime.ready({ timeoutMs: READY_MS });
  if (!ready) {
    await runtime.close();
    throw new HarnessError(
      "store-busy",
      `The store ${harness.store} could not be read (${reason}); try again.`,
    );
  }
  return callsOf(runtime, declaration, options);
}

function callsOf(
  runtime: Runtime,
  declared: Declaration,
  { key, environment, checkerOf }: CallsOptions,
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
  const contract = (context: ResolveContext) =>
    input ?? runtime.decide(declaration, context).servable?.text.input;
  const plain = contract({});
  return {
    variables: plain === undefined ? null : variablesOf(plain),
    check(variables, context) {
      const schema = contract(context);
      if (schema === undefined || runtime.decide(declaration, context).servable === null) {
        throw new HarnessError(
          "version-unknown",
          `Nothing of ${key} can be served in ${environment}; release a version there first.`,
        );
      }
      checkVariables({ key, input: schema, variables, checkerOf: cached });
    },
    resolve: (context) => runtime.resolve<Variables>(declaration, context),
    flush: () => runtime.flush(),
    close: () => runtime.close(),
  };
}

function openRuntime(harness: Harness, { environment, model, onNotice }: CallsOptions): Runtime {
  const { location, clock, ids } = harness;
  if (location === null) {
    throw new HarnessError("store-unsupported", "Calls need a store with a file; give --store one.");
  }
  const { file, spool: spoolDir } = location;
  const source: SnapshotSource = createSqliteSnapshotSource({ file, clock, pollMs: 200, onNotice });
  const sink: LedgerSink = createSqliteSink({ file, spoolDir, clock, ids, onNotice, durability: "kill" });
  return createRuntime({
    clock,
    ids,
    source,
    sink: model === undefined ? sink : withModel(sink, model),
    environment,
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    onNotice,
  });
}

/** A person chose another model for these calls, and the rows say so. */
function withModel(sink: LedgerSink, model: ModelChoice): LedgerSink {
  return {
    write: (row) => sink.write({ ...row, requestedModel: model.id, provider: model.provider }),
    writeOutcome: (row) => sink.writeOutcome(row),
    writeStart: (row) => sink.writeStart(row),
    gap: (kind, more) => sink.gap(kind, more),
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

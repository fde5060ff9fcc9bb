/** What the flags of `colophon batch` ask for. */
import { resolve } from "node:path";
import { HarnessError, type ModelChoice, modelChoice, nearestName } from "@colophon/kernel";
import type { Cli, GlobalFlags } from "../cli.ts";
import { applicationOf, keyAlone, wholeNumber } from "../read-flags.ts";
import { CLIENT_NAMES, type ClientName, checkAddress } from "./batch-clients.ts";

export interface BatchFlags extends GlobalFlags {
  readonly input?: string;
  readonly out?: string;
  readonly model?: string;
  readonly route?: string;
  readonly application?: string;
  readonly client?: string;
  readonly baseUrl?: string;
  readonly stream?: boolean;
  readonly concurrency: string;
  readonly retries: string;
  readonly timeout: string;
}

export interface BatchRequest {
  readonly key: string;
  readonly environment: string;
  readonly input: string;
  readonly out: string;
  /** In place of each version's own. */
  readonly model: ModelChoice | undefined;
  readonly route: string | undefined;
  /** As in `resolve`. */
  readonly application: string | null | undefined;
  readonly client: ClientName | undefined;
  readonly baseUrl: string | undefined;
  readonly stream: boolean;
  readonly concurrency: number;
  readonly tries: number;
  readonly timeoutMs: number;
}

const MOST_AT_ONCE = 256;
const MOST_SECONDS = 86_400;

/** @throws HarnessError `usage`. */
export function readRequest(cli: Cli, argument: string, flags: BatchFlags): BatchRequest {
  const { model, route, application, stream = false, baseUrl } = flags;
  if (model !== undefined && route !== undefined) {
    throw new HarnessError("usage", "--model and --route both name a model; give one of them.");
  }
  const concurrency = wholeNumber(flags.concurrency, "--concurrency");
  if (concurrency > MOST_AT_ONCE) {
    throw new HarnessError(
      "usage",
      `--concurrency ${concurrency} is too much at once; take at most ${MOST_AT_ONCE}.`,
    );
  }
  return {
    key: keyAlone(argument),
    environment: cli.environment(flags),
    ...readFiles(cli, flags),
    model: model === undefined ? undefined : modelChoice(model),
    route,
    application: application === undefined ? undefined : applicationOf(application),
    client: readClient(flags.client),
    baseUrl: baseUrl === undefined ? undefined : checkAddress(baseUrl, "--base-url"),
    stream,
    concurrency,
    tries: 1 + wholeNumber(flags.retries, "--retries", 0),
    timeoutMs: readSeconds(flags.timeout),
  };
}

function readFiles({ io }: Cli, { input, out }: BatchFlags): Pick<BatchRequest, "input" | "out"> {
  if (!input || !out) {
    throw new HarnessError("usage", `A batch needs input and output; add ${input ? "--out" : "--input"}.`);
  }
  const [from, to] = [resolve(io.cwd, input), resolve(io.cwd, out)];
  if (from === to)
    throw new HarnessError("usage", "--input and --out are the same file; name another --out.");
  return { input: from, out: to };
}

function readClient(text: string | undefined): ClientName | undefined {
  const known = CLIENT_NAMES.find((name) => name === text);
  if (text === undefined || known !== undefined) return known;
  const near = nearestName(text, CLIENT_NAMES);
  const hint = near === undefined ? `it takes ${CLIENT_NAMES.join(", ")}.` : `did you mean ${near}?`;
  throw new HarnessError("usage", `--client does not know "${text}"; ${hint}`);
}

/** @returns milliseconds. */
function readSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= MOST_SECONDS) return Math.max(1, Math.round(seconds * 1000));
  throw new HarnessError(
    "usage",
    `--timeout takes seconds, more than 0 and at most ${MOST_SECONDS}, not "${text}".`,
  );
}

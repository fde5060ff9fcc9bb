/** Asks a server for operations, and says what it refuses as the same errors that the rules throw. */
import { setTimeout as wait } from "node:timers/promises";
import {
  ERROR_CODES,
  type ErrorCode,
  errorCodeOf,
  HarnessError,
  type Job,
  type JobEvent,
} from "@colophon/kernel";
import type { RemoteCalls } from "../house.ts";
import type { AnyOperation, OperationPlace } from "../operations/operation.ts";
import type { JobListener } from "./job-listener.ts";

export interface HttpPlace {
  readonly origin: string;
  /** `~` for the project of the key. */
  readonly project: string;
  readonly apiKey: string;
  /** Milliseconds between two looks at a job; a timer unless given. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

type Asked = OperationPlace & { readonly kind: AnyOperation["kind"] };

/** Milliseconds between two looks at a job: short at first and after it said something. */
const LOOK_MS = 250;
const LONGEST_LOOK_MS = 2_000;
/** Looks in vain after which a server counts as gone; another one takes its jobs over within a minute. */
const VAIN_LOOKS = 60;
const CALL_MS = 120_000;

export class HttpCalls implements RemoteCalls {
  readonly #place: HttpPlace;

  constructor(place: HttpPlace) {
    this.#place = place;
  }

  async call(operation: Asked, input: object): Promise<unknown> {
    const { path, rest } = fillPath(operation.path, input);
    const query = operation.method === "GET" ? queryOf(rest) : "";
    const base = operation.kind === "installation" ? "/v1" : `/v1/projects/${this.#place.project}`;
    const body = operation.method === "GET" ? undefined : JSON.stringify(rest);
    return this.#ask(operation.method, `${base}${path}${query}`, body);
  }

  async follow(operation: Asked, input: object, listener: JobListener): Promise<unknown> {
    const { id } = (await this.call(operation, input)) as Job;
    const place = `/v1/projects/${this.#place.project}/jobs/${encodeURIComponent(id)}`;
    const cancel = (): void => {
      void this.#ask("DELETE", place).catch(() => undefined);
    };
    listener.signal?.addEventListener("abort", cancel, { once: true });
    if (listener.signal?.aborted === true) cancel();
    try {
      return await this.#untilEnd(place, listener);
    } finally {
      listener.signal?.removeEventListener("abort", cancel);
    }
  }

  async #untilEnd(place: string, listener: JobListener): Promise<unknown> {
    let heard = 0;
    for (let quiet = 0; ; quiet += 1) {
      const job = (await this.#look(place)) as Job;
      const events = (await this.#look(`${place}/events?after=${heard}`)) as readonly JobEvent[];
      for (const event of events) tell(listener, event);
      if (events.length > 0) quiet = 0;
      heard = events.at(-1)?.n ?? heard;
      if (job.state === "done") return job.output;
      if (job.state === "failed") throw errorOf(job.error ?? {}, 500);
      if (job.state === "cancelled") throw new HarnessError("usage", `The job ${job.id} was cancelled.`);
      await this.#pause(Math.min(LOOK_MS * 2 ** quiet, LONGEST_LOOK_MS));
    }
  }

  /** The job goes on without us: a server that is away for a while is waited for. */
  async #look(path: string): Promise<unknown> {
    for (let vain = 1; ; vain += 1) {
      try {
        return await this.#ask("GET", path);
      } catch (error) {
        if (vain >= VAIN_LOOKS || !PASSING.has(errorCodeOf(error))) throw error;
      }
      await this.#pause(LONGEST_LOOK_MS);
    }
  }

  #pause(milliseconds: number): Promise<unknown> {
    return (this.#place.sleep ?? wait)(milliseconds);
  }

  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const { origin, apiKey } = this.#place;
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(CALL_MS);
      answer = await fetch(`${origin}${path}`, {
        method,
        headers,
        signal,
        // The key goes to this address and to no other.
        redirect: "error",
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      throw new HarnessError("store-unavailable", `The server ${origin} does not answer; try again.`, {
        cause,
      });
    }
    const said: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return said;
    throw errorOf((said as { readonly error?: object } | undefined)?.error ?? {}, answer.status);
  }
}

/** What may be over in a moment. */
const PASSING: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  "store-unavailable",
  "store-busy",
  "too-many-requests",
]);

/** Fields that the path names go into it, the others stay. */
function fillPath(template: string, input: object): { readonly path: string; readonly rest: object } {
  const rest: Record<string, unknown> = { ...input };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    if (value !== "" && !/^\.\.?$/.test(value)) return encodeURIComponent(value);
    // Addresses are shortened by such names before they are sent.
    throw new HarnessError("usage", `"${value}" cannot be the ${name} of anything; correct it.`);
  });
  return { path, rest };
}

/** Lists as repeated names, objects as JSON; what is undefined is left out, and so is null. */
function queryOf(fields: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function tell(listener: JobListener, { kind, data }: JobEvent): void {
  if (kind === "notice") listener.onNotice?.(String(data));
  else if (kind === "estimate") listener.onEstimate?.(data as never);
  else listener.onProgress?.(data as never);
}

function errorOf(said: { readonly code?: string; readonly message?: string }, status: number): HarnessError {
  const { code, message } = said;
  const known = ERROR_CODES.find((one) => one === code) as ErrorCode | undefined;
  if (known !== undefined && message !== undefined) return new HarnessError(known, message);
  return new HarnessError(
    "store-unavailable",
    message ?? `The server answered ${status} without saying why.`,
  );
}

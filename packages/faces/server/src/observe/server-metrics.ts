/** What a server counts of itself, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface AnsweredRequest {
  readonly method: string;
  /** The route's template, so that ids make no series of their own. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class ServerMetrics {
  readonly registry = new Registry();
  readonly #answered: Counter<"method" | "route" | "status">;
  readonly #seconds: Histogram<"method" | "route">;
  readonly #running: Gauge;
  readonly #refused: Counter<"code">;
  readonly #storeErrors: Counter<"code">;

  constructor() {
    const registers = [this.registry];
    this.#answered = new Counter({
      name: "colophon_http_requests_total",
      help: "Requests answered, by route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "colophon_http_request_seconds",
      help: "Seconds until an answer began.",
      labelNames: ["method", "route"],
      buckets: SECONDS,
      registers,
    });
    this.#running = new Gauge({
      name: "colophon_http_requests_running",
      help: "Requests that wait for their answer.",
      registers,
    });
    this.#refused = new Counter({
      name: "colophon_refusals_total",
      help: "Requests refused at the door, by the error's code.",
      labelNames: ["code"],
      registers,
    });
    this.#storeErrors = new Counter({
      name: "colophon_store_errors_total",
      help: "Answers that failed because of the store, by the error's code.",
      labelNames: ["code"],
      registers,
    });
  }

  begin(): void {
    this.#running.inc();
  }

  end({ method, route, status, seconds }: AnsweredRequest): void {
    this.#running.dec();
    this.#answered.inc({ method, route, status: String(status) });
    this.#seconds.observe({ method, route }, seconds);
  }

  refuse(code: string): void {
    this.#refused.inc({ code });
  }

  failStore(code: string): void {
    this.#storeErrors.inc({ code });
  }
}

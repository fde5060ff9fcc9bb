/** Brings alerts to webhooks: each to each once in effect, tried again until it is taken or given up. */
import type { EpochMs, NoticeData, RandomSource, Revision } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { type Fetch, type RecordedAlert, type Sent, sendAlert } from "./send-alert.ts";
import type { Webhook } from "./webhook.ts";

/** After so many tries, some 17 minutes, an alert is given up. */
export const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** A webhook that is new, or a watcher that was away for long, is not flooded with what is history. */
const NEWS_MS = 86_400_000;
const AT_ONCE = 8;

export interface CourierParts {
  readonly webhooks: readonly Webhook[];
  readonly random: RandomSource;
  readonly fetch?: Fetch;
}

interface Errand {
  readonly alert: RecordedAlert;
  readonly webhook: Webhook;
  attempts: number;
  due: EpochMs;
  /** What it came to at last, until that is a record. */
  sent: Sent | null;
}

/**
 * What was brought, or given up, is a `notice` record, so whoever comes after this process brings
 * exactly the rest. A process that ends between a delivery and its notice sends that alert once more:
 * receivers tell it by its `idempotency-key`.
 */
export class AlertCourier {
  readonly #harness: Harness;
  readonly #parts: CourierParts;
  readonly #errands = new Map<string, Errand>();
  #seen: Revision = 0;

  constructor(harness: Harness, parts: CourierParts) {
    this.#harness = harness;
    this.#parts = parts;
  }

  /** Alerts on their way. */
  get waiting(): number {
    return this.#errands.size;
  }

  /** Takes in new alerts, and tries those that are due. */
  async deliver(): Promise<void> {
    if (this.#parts.webhooks.length === 0) return;
    await this.#takeIn();
    const now = this.#harness.clock.now();
    const due = [...this.#errands].filter(([, errand]) => errand.due <= now).slice(0, AT_ONCE);
    const ran = await Promise.allSettled(due.map(([name, errand]) => this.#run(name, errand)));
    const failed = ran.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #takeIn(): Promise<void> {
    const { records, clock } = this.#harness;
    const news = await records.listRecords({ kinds: ["alert", "notice"], after: this.#seen });
    for (const record of news) {
      this.#seen = record.revision;
      if (record.kind === "notice") this.#errands.delete(nameOf(record.data.alert, record.data.to));
      if (record.kind !== "alert" || record.at < clock.now() - NEWS_MS) continue;
      for (const webhook of this.#parts.webhooks) {
        const alert = { ...record.data, at: record.at };
        this.#errands.set(nameOf(alert.id, webhook.name), {
          alert,
          webhook,
          attempts: 0,
          due: record.at,
          sent: null,
        });
      }
    }
  }

  async #run(name: string, errand: Errand): Promise<void> {
    const { fetch = globalThis.fetch } = this.#parts;
    const { alert, webhook } = errand;
    if (errand.sent === null) {
      errand.attempts += 1;
      const sent = await sendAlert(alert, webhook, { fetch, now: this.#harness.clock.now() });
      if (sent.outcome === "failed" && errand.attempts < MOST_ATTEMPTS) {
        errand.due = this.#harness.clock.now() + this.#pause(errand.attempts, sent.retryAfter);
        return;
      }
      // A store that cannot take the notice is tried again, and the receiver is left in peace.
      errand.sent = sent;
    }
    await this.#note(errand, errand.sent);
    this.#errands.delete(name);
  }

  /** Doubled at each try, with up to a quarter more by chance, so that many alerts do not come back at once. */
  #pause(attempts: number, retryAfter: number | null): number {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
    const [byte = 0] = this.#parts.random.fill(new Uint8Array(1));
    return Math.max(pause * (1 + byte / 1_024), Math.min(retryAfter ?? 0, LONGEST_PAUSE_MS));
  }

  async #note({ alert, webhook, attempts }: Errand, sent: Sent): Promise<void> {
    const data: NoticeData = {
      key: alert.key,
      alert: alert.id,
      to: webhook.name,
      delivered: sent.outcome === "delivered",
      attempts,
      detail: sent.outcome === "delivered" ? null : sent.detail,
    };
    await this.#harness.records.append(() => ({
      drafts: [{ kind: "notice", by: this.#harness.actor, data }],
      result: null,
    }));
  }
}

function nameOf(alert: string, to: string): string {
  return `${alert} ${to}`;
}

/** An address to which alerts are sent: how it is read, named without its secrets, and signed for. */
import { createHash, createHmac } from "node:crypto";
import { type EpochMs, HarnessError } from "@colophon/kernel";

export interface Webhook {
  readonly url: URL;
  /** Signs what is sent; null sends without a signature. */
  readonly secret: string | null;
  /** How records and sentences call it: its origin and a short hash, since paths and queries may hold secrets. */
  readonly name: string;
}

/**
 * @throws HarnessError `usage` for what is no http(s) address, or has a name and password in it.
 * @example
 * readWebhook("https://hooks.example.com/T0/B1", process.env.COLOPHON_WEBHOOK_SECRET ?? null);
 */
export function readWebhook(text: string, secret: string | null): Webhook {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new HarnessError(
      "usage",
      "A webhook is no http or https address; write it whole, as in --webhook https://hooks.example.com/alerts.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new HarnessError(
      "usage",
      `The webhook at ${url.host} has a name or password in its address; leave them out, and sign with COLOPHON_WEBHOOK_SECRET instead.`,
    );
  }
  const short = createHash("sha256").update(url.href).digest("hex").slice(0, 8);
  return { url, secret: secret === "" ? null : secret, name: `${url.origin}#${short}` };
}

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY` under the webhook's secret. A receiver holds the
 * time against its clock, so that a caught message cannot be sent again much later.
 */
export function signatureOf(
  body: string,
  { secret, now }: { readonly secret: string; readonly now: EpochMs },
): string {
  const seconds = Math.floor(now / 1_000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

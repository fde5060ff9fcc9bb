/** The rule about addresses through which an answer may leak, or that nobody can judge. */
import type { ReviewSeverity } from "@colophon/kernel";
import type { ReviewRule } from "../review-rule.ts";
import { TAG_MARK } from "../reviewed-text.ts";
import { placedTexts } from "../text-fields.ts";

/** What ends a sentence does not belong to its address. */
const URL_PATTERN = /\bhttps?:\/\/[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!]/gi;
const SHORTENER =
  /^(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl|is\.gd|ow\.ly|rb\.gy|cutt\.ly|shorturl\.at|tiny\.cc)$/i;
const OWN_HOST =
  /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.)|(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid)$/i;
/** Catchers of requests, which those use who take data out. */
const CATCHER =
  /(?:^|\.)(?:webhook\.site|requestbin\.(?:com|net)|requestcatcher\.com|pipedream\.net|ngrok(?:-free)?\.(?:io|app|dev)|burpcollaborator\.net|oastify\.com|oast\.(?:fun|pro|live|site|me|online)|interact\.sh)$/i;

interface Suspicion {
  readonly severity: ReviewSeverity;
  readonly why: string;
}

/** Its host and what follows it, without who signs in and the dot that may end a host. */
const ADDRESS = /^https?:\/\/(?:[^/?#]*@)?([^/:?#]+?)\.?((?:[/:?#].*)?)$/is;

/** Null for an address like any other. */
function suspicionOf(address: string, before: string): Suspicion | null {
  const [, host = "", rest = ""] = ADDRESS.exec(address) ?? [];
  if (OWN_HOST.test(host)) return null;
  if (CATCHER.test(host)) return { severity: "high", why: "catches whatever is sent to it" };
  if (rest.includes(TAG_MARK) || /[?&=]$/.test(rest)) {
    const isImage = /!\[[^\]]*\]\($/.test(before) && rest.includes("?");
    return {
      severity: isImage ? "high" : "low",
      why: isImage
        ? "is an image whose address carries a value: whoever shows the answer sends it there"
        : "carries a value of the call in its address",
    };
  }
  if (host.includes(TAG_MARK)) return null;
  if (SHORTENER.test(host)) return { severity: "medium", why: "hides where it leads" };
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host))
    return { severity: "medium", why: "names a machine and nobody who answers for it" };
  if (/(?:^|\.)xn--/i.test(host))
    return { severity: "medium", why: "is written in a way that hides its letters" };
  return null;
}

export const SUSPICIOUS_URL: ReviewRule = {
  id: "suspicious-url",
  severity: "medium",
  summary: "An address stands in the text that may carry data away, or that nobody can judge.",
  advice: "Name the page that is meant, or take the address out.",
  find: (text) =>
    placedTexts(text).flatMap(({ words, spotAt }) =>
      [...words.matchAll(URL_PATTERN)].flatMap((match) => {
        const suspicion = suspicionOf(match[0], words.slice(Math.max(0, match.index - 80), match.index));
        if (suspicion === null) return [];
        const host = hostOf(match[0]);
        const message = `The address at ${host} ${suspicion.why}.`;
        return [{ severity: suspicion.severity, message, about: host, spot: spotAt(match.index) }];
      }),
    ),
};

function hostOf(address: string): string {
  return ADDRESS.exec(address)?.[1]?.replaceAll(TAG_MARK, "").toLowerCase() || "a host of the caller's";
}

/** Every address with its host, for policies that name those that are allowed. */
export function hostsIn(words: string): readonly { readonly host: string; readonly offset: number }[] {
  return [...words.matchAll(URL_PATTERN)].map((match) => ({ host: hostOf(match[0]), offset: match.index }));
}

/** What secrets look like. */

export interface SecretShape {
  /** Completes "looks like …". */
  readonly name: string;
  readonly pattern: RegExp;
  /** What of a match tells it from other secrets; null for what is no secret. The match itself unless given. */
  readonly of?: (match: RegExpMatchArray) => string | null;
}

/** Stands for a secret in documents. */
const PLACEHOLDER =
  /example|placeholder|your|changeme|change_me|dummy|redacted|secret_here|insert|replace|x{4,}|\*{3,}|\.{3}|<|>|\$\{|test[_-]?(?:key|token|secret|password)|^(?:password|passwort|secret|token|user|pass|pwd|none|null|undefined|string|hunter2)$|^(.)\1+$|1234567|abcdef/i;

export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}

/** Bits per character (Shannon 1948): random letters and digits have above 3.5 from 16 characters on, words less. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / value.length;
    return sum - share * Math.log2(share);
  }, 0);
}

const RANDOM_BITS = 3.3;
const RANDOM_LENGTH = 12;

/** Words and numbers that are strung together, such as the name of a model, or of what holds the secret. */
const NAME =
  /^(?:[a-z]+|\d+|\d[a-z])(?:[-_.](?:[a-z]+|\d+|\d[a-z]))+$|^(?:process\.env|os\.environ|import\.meta|secrets?|env)\b/i;

function isRandom(value: string): boolean {
  const mixed = /\d/.test(value) && /[a-z]/i.test(value) && !NAME.test(value);
  return mixed && value.length >= RANDOM_LENGTH && entropy(value) >= RANDOM_BITS;
}

const plain = (name: string, pattern: RegExp): SecretShape => ({ name, pattern });

export const SECRET_SHAPES: readonly SecretShape[] = [
  plain("a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g),
  plain("a key of Anthropic", /\bsk-ant-[\w-]{20,}/g),
  plain("a key of OpenAI", /\bsk-(?:proj|svcacct|admin)-[\w-]{20,}|\bsk-[A-Za-z0-9]{32,}\b/g),
  plain("an access key of AWS", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  plain("a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}\b/g),
  plain("a token of GitLab", /\bglpat-[\w-]{20,}/g),
  plain("a token of Slack", /\bxox[abeprs]-[\w-]{20,}/g),
  plain("a webhook of Slack", /\bhooks\.slack\.com\/services\/T\w{6,}\/B\w{6,}\/\w{16,}/g),
  plain("a key of Google", /\bAIza[\w-]{35}/g),
  plain("a token of Hugging Face", /\bhf_[A-Za-z]{30,}\b/g),
  plain("a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/g),
  plain("a key of SendGrid", /\bSG\.[\w-]{16,}\.[\w-]{16,}/g),
  plain("a live key of Stripe", /\b[rs]k_live_[A-Za-z0-9]{16,}\b/g),
  plain("a JSON Web Token", /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g),
  {
    name: "a connection string with a password",
    pattern: /\b[a-z][a-z\d+.-]{1,20}:\/\/([^\s:/@\uFFFC]{1,100}):([^\s:/@\uFFFC]{3,100})@([\w.-]+)/gi,
    of: ([, user = "", password = "", host = ""]) => (isPlaceholder(password) ? null : `${user}@${host}`),
  },
  {
    name: "a secret that is written out",
    pattern:
      /(?:api[ _-]?key|account[ _-]?key|secret(?:[ _-]?key)?|access[ _-]?(?:key|token)|auth[ _-]?token|token|password|passwd|pwd)["'`]?\s*(?::|=|\bis\b)\s*["'`]?([^\s"'`,;<>(){}\uFFFC]{12,200})/gi,
    of: ([, value = ""]) => (isRandom(value) ? value : null),
  },
  {
    name: "a password that is written out",
    pattern:
      /(?:password|passwort|passwd|pwd)["'`]?\s*(?::|=|\bis\b)\s*["'`]?([^\s"'`,;<>(){}\uFFFC]{8,11})(?![^\s"'`,;<>(){}\uFFFC])/gi,
    of: ([, value = ""]) =>
      !/^\p{L}+\d{1,4}$/u.test(value) && /\d/.test(value) && /\p{Ll}/u.test(value) && /\p{Lu}/u.test(value)
        ? value
        : null,
  },
  {
    name: "a bearer token",
    pattern: /\bbearer\s+([\w.~+/=-]{16,500})/gi,
    of: ([, value = ""]) => (isRandom(value) ? value : null),
  },
];

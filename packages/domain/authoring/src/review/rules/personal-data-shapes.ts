/** What personal data look like, as far as a check says that it is none by chance. */
import type { ReviewSeverity } from "@colophon/kernel";

export interface PersonalShape {
  /** Completes "… stands in the text". */
  readonly name: string;
  readonly severity: ReviewSeverity;
  readonly pattern: RegExp;
  /** What may be shown of it and tells it from others; null for what is none. */
  readonly of: (match: RegExpMatchArray) => string | null;
}

/** Mailboxes that belong to nobody in person. */
const ROLE_MAILBOX =
  /^(?:support|info|hello|help|contact|sales|billing|service|office|admin|team|press|privacy|legal|security|abuse|careers|jobs|feedback|no-?reply|do-?not-?reply|mail|webmaster|postmaster|orders?|invoices?|accounts?|news|newsletter|marketing|user|name|you|your[._-]?name|someone|somebody|email|customer|jane|john|jane\.doe|john\.doe|first\.last|alice|bob|test|foo|bar)(?:[+._-].*)?$/i;
const EXAMPLE_DOMAIN =
  /(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost|domain\.com|company\.com|email\.com|acme\.com|yourcompany\.com)$/i;

function emailOf([, local = "", domain = ""]: RegExpMatchArray): string | null {
  if (ROLE_MAILBOX.test(local) || EXAMPLE_DOMAIN.test(domain)) return null;
  return `${local.charAt(0)}…@${domain.toLowerCase()}`;
}

function lastOf(digits: string): string {
  return `…${digits.slice(-3)}`;
}

/** ISO 13616: the rest of the number by 97 is 1, letters counting from 10. */
function isIban(value: string): boolean {
  const turned = value.slice(4) + value.slice(0, 4);
  let rest = 0;
  for (const letter of turned) {
    const digits = String(Number.parseInt(letter, 36));
    for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** ISO/IEC 7812-1 (Luhn). */
function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Numbers that payment providers publish for tests. */
const TEST_CARD =
  /^(?:4242|4111111111111111|4000|4012888888881881|5555555555554444|5105105105105100|5200828282828210|378282246310005|371449635398431|6011111111111117|6011000990139424|2223)/;
/** By the networks' ranges and lengths: longer and shorter numbers are articles, orders and ids. */
const CARD = /^(?:4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12})$/;

function cardOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  if (!CARD.test(digits) || TEST_CARD.test(digits)) return null;
  return isLuhn(digits) && new Set(digits).size > 3 ? lastOf(digits) : null;
}

/** Order TAI/1.1: the letter is the number by 23. */
function dniOf([match]: RegExpMatchArray): string | null {
  const compact = match.toUpperCase().replace("-", "");
  if (/^(?:12345678Z|X1234567L|00000000T)$/.test(compact)) return null;
  const number = Number(compact.slice(0, -1).replace(/^[XYZ]/, (first) => String("XYZ".indexOf(first))));
  return "TRWAGMYFPDXBNJZSQVHLCKE".charAt(number % 23) === compact.at(-1) ? lastOf(compact) : null;
}

/** INSEE: 97 less the number by 97. */
function nirOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  const key = 97n - (BigInt(digits.slice(0, 13)) % 97n);
  return key === BigInt(digits.slice(13)) ? lastOf(digits) : null;
}

/** EAN-13, as the Swiss AHV number has it. */
function ahvOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  if (/^756(?:9217076985|1234567897)$/.test(digits)) return null;
  const sum = [...digits.slice(0, 12)].reduce(
    (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1)) ? lastOf(digits) : null;
}

/** Receita Federal: two check digits by 11. */
function cpfOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  if (new Set(digits).size === 1 || /^(?:11144477735|12345678909)$/.test(digits)) return null;
  const check = (length: number): number => {
    const sum = [...digits.slice(0, length)].reduce(
      (all, digit, at) => all + Number(digit) * (length + 1 - at),
      0,
    );
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10]) ? lastOf(digits) : null;
}

/** Areas 000, 666 and 900 on, group 00 and serial 0000 are never given; 078-05-1120 was printed in wallets. */
function ssnOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  const isGiven = !/^(?:000|666|9)|^...00|0000$|^078051120$|^123456789$/.test(digits);
  return isGiven ? lastOf(digits) : null;
}

/** The examples of SWIFT's registry and of encyclopaedias. */
const SPECIMEN_IBAN =
  /^(?:DE89370400440532013000|GB82WEST12345698765432|GB29NWBK60161331926819|FR1420041010050500013M02606|ES9121000418450200051332|NL91ABNA0417164300|IT60X0542811101000000123456|CH9300762011623852957|AT611904300234573201|BE68539007547034|PT50000201231234567890154|IE29AIBK93115212345678|PL61109010140000071219812874)$/;

function ibanOf([match]: RegExpMatchArray): string | null {
  const compact = match.replaceAll(/\s/g, "").toUpperCase();
  if (SPECIMEN_IBAN.test(compact)) return null;
  return compact.length >= 15 && compact.length <= 34 && isIban(compact)
    ? `${compact.slice(0, 2)}${lastOf(compact)}`
    : null;
}

/** +1 555 01xx and the like are kept for fiction. */
function phoneOf([match]: RegExpMatchArray): string | null {
  const digits = match.replaceAll(/\D/g, "");
  if (digits.length < 9 || digits.length > 15 || /55501\d\d$/.test(digits) || /1234567/.test(digits))
    return null;
  return new Set(digits).size < 4 ? null : lastOf(digits);
}

/** Private, loopback, link-local, documentation and multicast addresses are nobody's. */
const NOBODYS_ADDRESS =
  /^(?:0|10|127|22[4-9]|23\d|24\d|25\d)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^192\.0\.2\.|^198\.51\.100\.|^203\.0\.113\.|^(?:1\.1\.1\.1|8\.8\.[48]\.[48]|1\.2\.3\.4)$/;

function addressOf([match]: RegExpMatchArray): string | null {
  const isAddress = match.split(".").every((part) => Number(part) <= 255 && String(Number(part)) === part);
  return isAddress && !NOBODYS_ADDRESS.test(match) ? match.split(".").slice(0, 2).join(".") : null;
}

export const PERSONAL_SHAPES: readonly PersonalShape[] = [
  {
    name: "An IBAN",
    severity: "high",
    pattern: /\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,4})?\b/g,
    of: ibanOf,
  },
  {
    name: "A number of a payment card",
    severity: "high",
    pattern: /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-]*\d)/g,
    of: cardOf,
  },
  { name: "A Spanish DNI or NIE", severity: "high", pattern: /\b[XYZ\d]\d{7}-?[A-Z]\b/g, of: dniOf },
  {
    name: "A French NIR",
    severity: "high",
    pattern: /(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d)/g,
    of: nirOf,
  },
  { name: "A Swiss AHV number", severity: "high", pattern: /\b756\.\d{4}\.\d{4}\.\d{2}\b/g, of: ahvOf },
  { name: "A Brazilian CPF", severity: "high", pattern: /\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/g, of: cpfOf },
  {
    name: "A US social security number",
    severity: "high",
    pattern: /(?<=\b(?:SSN|social security(?: number)?)\b[^\d\n]{0,20})\d{3}-\d{2}-\d{4}\b/gi,
    of: ssnOf,
  },
  {
    name: "An e-mail address of a person",
    severity: "medium",
    pattern: /(?<![:/\w.+-])([\w.+-]{1,64})@([a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,24})\b/gi,
    of: emailOf,
  },
  {
    name: "A phone number",
    severity: "medium",
    pattern: /(?<![\w+])\+[1-9]\d{0,2}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\d)/g,
    of: phoneOf,
  },
  {
    name: "A public IP address",
    severity: "low",
    pattern: /(?<![\w.])(?<!\bv(?:ersion)?\s?)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]*\d)/gi,
    of: addressOf,
  },
];

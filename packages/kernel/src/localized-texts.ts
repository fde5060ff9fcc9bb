/** What a text says in each locale that it or one of its partials is translated into. */
import type { Body } from "./template/body.ts";
import type { VersionText } from "./version-text.ts";

export interface LocalizedText {
  /** The locale a call asks for; "" for a call that asks for none. */
  readonly asked: string;
  /** The locale of the body that is taken then; null where the text names none. */
  readonly locale: string | null;
  readonly body: Body;
  /** The partials as they are in that locale: they follow the call as the text does. */
  readonly partials: ReadonlyMap<string, Body>;
}

/** The bodies of a text for every locale that makes a difference. `partials` are by reference, `name` or `name@vN`. */
export function localizedTexts(
  text: VersionText,
  partials: ReadonlyMap<string, VersionText>,
): readonly LocalizedText[] {
  const texts = [text, ...partials.values()];
  const asked = new Set(texts.flatMap((one) => Object.keys(one.locales ?? {})));
  if (asked.size > 0) for (const { defaultLocale } of texts) asked.add(defaultLocale ?? "");
  return ["", ...asked].map((locale) => ({
    asked: locale,
    ...bodyFor(text, locale),
    partials: new Map(Array.from(partials, ([ref, partial]) => [ref, bodyFor(partial, locale).body])),
  }));
}

/** The translation for a locale, else that for its language, else the default body. */
function bodyFor(
  { body, locales, defaultLocale = "" }: VersionText,
  asked: string,
): Pick<LocalizedText, "body" | "locale"> {
  const bodies: Readonly<Record<string, Body>> = { ...locales, [defaultLocale]: body };
  const known = [asked, languageOf(asked)].find((locale) => Object.hasOwn(bodies, locale));
  const locale = known ?? defaultLocale;
  return { body: bodies[locale] as Body, locale: locale || null };
}

/** The language of a locale: `de` of `de-AT`. */
export function languageOf(locale: string): string {
  return locale.split("-")[0] as string;
}

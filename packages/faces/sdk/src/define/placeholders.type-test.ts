/** Proves what the placeholder check says of each kind of body, down to the words of its message. */
import type { CheckBody, CheckMessages } from "./placeholders.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** Each assignable to the other, and the first no `any`; unlike a comparison of functions it is deferred inside the aliases below. */
type Equal<X, Y> = 0 extends 1 & X ? false : [X] extends [Y] ? ([Y] extends [X] ? true : false) : false;
/** Each entry must be `true`; TypeScript names the first one that is not. */
type AllTrue<_Claims extends readonly true[]> = true;

type Input<T> = StandardSchema<T>;
type Body<B extends string, T> = CheckBody<B, Input<T>>;
type Fits<B extends string, T> = Equal<Body<B, T>, unknown>;
type Missing<B extends string, T, P extends string> = Equal<
  Body<B, T>,
  { "placeholders missing from the input schema, or optional there without a default": P }
>;
type Unused<B extends string, T, P extends string> = Equal<
  Body<B, T>,
  { "the input schema declares variables that no placeholder uses": P }
>;
type NotText<B extends string, T, P extends string> = Equal<
  Body<B, T>,
  { "placeholders that are an object or a list in the input schema: name a field, or use json": P }
>;
type Malformed<B extends string, T, P extends string> = Equal<
  Body<B, T>,
  { "tags that the template language does not have, or blocks that do not match": P }
>;

interface Ticket {
  ticket: string;
}
interface Person {
  user: { name: string; address: { city: string }; nick?: string };
}
interface Maybe {
  ticket: string;
  lang?: string;
  user?: { name: string; title: string | null };
}
interface Listed {
  title: string;
  items: { name: string; note?: string; tags: string[] }[];
}

export type Placeholders = AllTrue<
  [
    Fits<"Classify {{ticket}} and {{ ticket\n}}", Ticket>,
    Fits<'{"a":{{ticket}} }', Ticket>,
    Missing<"Classify {{ticket}} in {{lang}}", Ticket, "lang">,
    Missing<"{{lang}} {{ticket}} {{tone}}", Ticket, "lang" | "tone">,
    Unused<
      "Classify {{ticket}}",
      { ticket: string; lang: string; tone: string; note?: string },
      "lang" | "tone"
    >,
    Unused<"Classify", Ticket, "ticket">,
    Fits<"Classify", { note?: string }>,
    Missing<"{{ticket}} \\{{lang}} \\\\{{tone}}", Ticket, "tone">,
    Unused<"\\{{ticket}}", Ticket, "ticket">,
    Fits<'{{role "system"}}Be brief.{{history}}{{role "user"}}{{ticket}}', Ticket>,
    Fits<"{{> shared.tone@v3}} {{>other}}", Ticket>,
    Missing<"{{> shared.tone@v3}} {{lang}}", Ticket, "lang">,
  ]
>;

export type Paths = AllTrue<
  [
    Fits<"Hi {{user.name}} from {{user.address.city}}", Person>,
    Missing<"Hi {{user.nam}}", Person, "user.nam">,
    Missing<"Hi {{user.address.city.zip}}", Person, "user.address.city.zip">,
    Missing<"Hi {{user.nick}}", Person, "user.nick">,
    NotText<"Hi {{user}}", Person, "user">,
    NotText<"Hi {{user.address}}", Person, "user.address">,
    Fits<"Hi {{json user}} {{json this.user}} {{this.user.name}} {{json @root.user}}", Person>,
    NotText<"{{items}} {{title}}", Listed, "items">,
    NotText<"{{at}}", { at: Date }, "at">,
    Fits<"{{a}}{{b}}{{c}}{{d}}", { a: number; b: bigint; c: boolean; d: "x" | 7 }>,
    Fits<"{{id}}", { id: string & { readonly brand: "Id" } }>,
    Fits<"{{m.anything}} {{m.other}}", { m: Record<string, string> }>,
    NotText<"{{m.anything}}", { m: Record<string, string[]> }, "m.anything">,
    Fits<"{{a.b.c}} {{u.v}} {{u}}", { a: ReturnType<typeof JSON.parse>; u: unknown }>,
    Fits<
      "{{#if u}}{{u.v}}{{/if}}{{#each u.w}}{{this}}{{x}}{{/each}}{{#if a.b}}{{a.b}}{{/if}}",
      { u: unknown; a: unknown }
    >,
    Fits<"{{x.kind}}", { x: { kind: "a"; a: string } | { kind: "b"; b: string } }>,
    Missing<"{{x.kind}} {{x.a}}", { x: { kind: "a"; a: string } | { kind: "b"; b: string } }, "x.a">,
    Unused<"{{extra}}", { [key: string]: string; ticket: string }, "ticket">,
    Fits<"{{anything.at.all}}", ReturnType<typeof JSON.parse>>,
    Fits<"{{anything.at.all}}", unknown>,
    Missing<"{{kind}} {{a}}", { kind: "a"; a: string } | { kind: "b"; b: string }, "a">,
  ]
>;

export type Optional = AllTrue<
  [
    Missing<"{{ticket}} {{lang}}", Maybe, "lang">,
    Fits<"{{ticket}}{{#if lang}} in {{lang}}{{/if}}", Maybe>,
    Fits<"{{ticket}}{{#if lang}} in {{lang}}{{else}} in English{{/if}}", Maybe>,
    Missing<"{{ticket}}{{#if lang}} in {{lang}}{{else}}{{lang}}{{/if}}", Maybe, "lang">,
    Missing<"{{ticket}}{{#if lang}} in {{lang}}{{/if}} {{lang}}", Maybe, "lang">,
    Missing<"{{#if ticket}}{{ticket}} {{lang}}{{/if}}", Maybe, "lang">,
    Missing<"{{ticket}}{{#unless lang}}{{lang}}{{/unless}}", Maybe, "lang">,
    Fits<"{{ticket}}{{#unless lang}}English{{else}}{{lang}}{{/unless}}", Maybe>,
    Fits<"{{ticket}}{{#if user}}{{user.name}}{{/if}}", Maybe>,
    Missing<"{{ticket}}{{#if user}}{{user.title}}{{/if}}", Maybe, "user.title">,
    Fits<"{{ticket}}{{#if user.title}}{{user.title}}{{/if}}", Maybe>,
    // the run time, which reads the contract alone, says no more than this either
    Missing<"{{ticket}}{{#if user.title}}{{user.name}}{{/if}}", Maybe, "user.name">,
    Missing<"{{ticket}}{{#if user.title}}{{lang}}{{/if}}", Maybe, "lang">,
    Missing<"{{ticket}}{{#if user.tilte}}x{{/if}}", Maybe, "user.tilte">,
    Fits<"{{ticket}}{{#if lang}}{{#if user}}{{lang}}{{user.name}}{{/if}}{{lang}}{{/if}}", Maybe>,
    Missing<"{{ticket}}{{#if lang}}{{#if user}}a{{/if}}{{user.name}}{{/if}}", Maybe, "user.name">,
    Missing<"{{json lang}}", { lang?: string }, "lang">,
    Fits<"{{json lang}}{{#if lang}}{{lang}}{{/if}}", { lang: string | null }>,
    Missing<"{{lang}}", { lang: string | null }, "lang">,
    Unused<"x", { lang: string | null }, "lang">,
    Fits<"{{#if lang}}yes{{/if}}", { lang: string | null }>,
  ]
>;

export type Lists = AllTrue<
  [
    Fits<"{{title}}{{#each items}}{{@index}}. {{name}} {{this.name}}{{#if @last}}.{{/if}}{{/each}}", Listed>,
    Missing<"{{title}}{{#each items}}{{nam}}{{/each}}", Listed, "nam">,
    Missing<"{{title}}{{#each items}}{{title}}{{/each}}", Listed, "title">,
    Fits<"{{#each items}}{{../title}} {{@root.title}}{{/each}}", Listed>,
    Missing<"{{#each items}}{{../titel}}{{@root.tilte}}{{/each}}", Listed, "../titel" | "@root.tilte">,
    Missing<"{{title}}{{#each items}}{{note}}{{/each}}", Listed, "note">,
    Fits<"{{title}}{{#each items}}{{#if note}}{{note}}{{/if}}{{/each}}", Listed>,
    NotText<"{{title}}{{#each items}}{{this}}{{/each}}", Listed, "this">,
    Fits<"{{title}}{{#each items}}{{json this}}{{/each}}", Listed>,
    Fits<"{{#each items}}{{#each tags}}{{this}} {{../name}} {{../../title}}{{/each}}{{/each}}", Listed>,
    Missing<"{{#each items}}{{#each tags}}{{../title}}{{/each}}{{../title}}{{/each}}", Listed, "../title">,
    Missing<"{{title}}{{#each items}}{{name}}{{/each}}{{name}}", Listed, "name">,
    Fits<"{{#each items}}{{name}}{{else}}{{title}}{{/each}}", Listed>,
    Malformed<"{{title}}{{#each items}}{{../../title}}{{/each}}", Listed, "../../title">,
    Malformed<"{{title}}{{#each items}}{{json ../this}}{{json ..}}{{/each}}", Listed, "../this" | "..">,
    Unused<"{{#each items}}{{name}}{{/each}}", Listed, "title">,
    Fits<"{{#if items.length}}{{items.length}} of {{title}}{{/if}}", Listed>,
    Missing<"{{items.first}} {{title}}", Listed, "items.first">,
    Fits<"{{#if lang}}{{#each list}}{{this}}{{../lang}}{{/each}}{{/if}}", { lang?: string; list: string[] }>,
    Missing<"{{#each list}}{{this}}{{../lang}}{{/each}}", { lang?: string; list: string[] }, "../lang">,
    Fits<"{{#if @root.lang}}{{#each list}}{{@root.lang}}{{/each}}{{/if}}", { lang?: string; list: string[] }>,
    Missing<"{{#each list}}{{this}}{{/each}}", { list: (string | null)[] }, "this">,
    Fits<"{{#each list}}{{#if this}}{{this}}{{/if}}{{/each}}", { list?: readonly (string | null)[] | null }>,
    Fits<"{{#each by}}{{whatever.it.is}}{{@index}}{{/each}}", { by: Record<string, string> }>,
  ]
>;

export type Language = AllTrue<
  [
    Malformed<"{{ticket}} {{#with ticket}}", Ticket, "#with ticket">,
    Malformed<"{{upper ticket}} {{ticket}}", Ticket, "upper ticket">,
    Malformed<"{{#if ticket}}{{ticket}}", Ticket, "{{#if}} without {{/if}}">,
    Malformed<"{{#if ticket}}{{ticket}}{{else}}", Ticket, "{{#if}} without {{/if}}">,
    Malformed<"{{#if ticket}}{{ticket}}{{else}}{{else}}{{/if}}", Ticket, "else">,
    Malformed<"{{ticket}}{{/if}}", Ticket, "/if">,
    Malformed<"{{#if ticket}}{{#each this.ticket}}{{../ticket}}{{/if}}{{/each}}{{/if}}", Ticket, "/if">,
    Malformed<'{"a":{{ticket}}} {{ticket}}', Ticket, "{{ticket}}}">,
    Malformed<"{{{ticket}}} {{ticket}}", Ticket, "{{{ticket}}}">,
    Malformed<
      "{{ticket}} {{json this}} {{@root}} {{@index}} {{.}}",
      Ticket,
      "this" | "@root" | "@index" | "."
    >,
    Malformed<
      "{{ticket}} {{! no }} {{&ticket}} {{~ticket}} {{log}}",
      Ticket,
      "! no" | "&ticket" | "~ticket" | "log"
    >,
    Fits<"{{# if ticket }}{{json\nticket}}{{/ if }}", Ticket>,
    Malformed<"{{ticket}} {{", Ticket, "{{ without }}">,
    Malformed<"{{ticket}} {{else}}", Ticket, "else">,
  ]
>;

/** What the compiler cannot see is left to the run time; what it can see is still checked. */
export type NotLiteral = AllTrue<
  [
    Fits<string, Ticket>,
    Fits<`Classify ${string}`, Ticket>,
    Fits<`{{ticket}} ${string}`, Ticket>,
    Fits<`{{${string}}} {{#if ${string}}}x{{/if}} {{#each ${string}}}{{x}}{{/each}}`, Ticket>,
    Fits<`${string}{{/if}}`, Ticket>,
    Missing<`In {{lang}} {{ticket}} ${string}`, Ticket, "lang">,
    Missing<`${string} In {{lang}}`, Ticket, "lang">,
    Fits<"a {{ticket}}" | "b {{ticket}}", Ticket>,
    Missing<"a {{ticket}}" | "b {{tiket}}", Ticket, "tiket">,
  ]
>;

type Said<M extends readonly string[]> = { [I in keyof M]: { role: "user"; content: M[I] } };

export type ChatMessages = AllTrue<
  [
    Equal<
      CheckMessages<["history", ...Said<["In {{lang}}", "{{ticket}}"]>], Input<Ticket & { lang: string }>>,
      unknown
    >,
    Equal<
      CheckMessages<Said<["{{ticket}}", "{{lang}} {{tone}}"]>, Input<Ticket>>,
      { "placeholders missing from the input schema, or optional there without a default": "lang" | "tone" }
    >,
    Equal<
      CheckMessages<Said<["{{ticket}}", "hi"]>, Input<Ticket & { lang: string }>>,
      { "the input schema declares variables that no placeholder uses": "lang" }
    >,
    Equal<CheckMessages<Said<["{{> a}}", "hi"]>, Input<Ticket>>, unknown>,
    Equal<CheckMessages<Said<["{{ticket}}", string]>, Input<Ticket & { lang: string }>>, unknown>,
    Equal<CheckMessages<readonly { role: "user"; content: string }[], Input<Ticket>>, unknown>,
    Equal<
      CheckMessages<Said<["{{ticket}}{{history}}"]>, Input<Ticket>>,
      { "role and history tags belong in a text body, not in a message": "history" }
    >,
    Equal<
      CheckMessages<Said<["{{#if ticket}}", "{{ticket}}{{/if}}"]>, Input<Ticket>>,
      {
        "tags that the template language does not have, or blocks that do not match":
          | "/if"
          | "{{#if}} without {{/if}}";
      }
    >,
  ]
>;

// A body of 3,000 characters, one of 10,000, and one of 60 tags, built as the compiler sees them written out.
type Repeat<
  S extends string,
  N extends number,
  Count extends 0[] = [],
  Made extends string = "",
> = Count["length"] extends N ? Made : Repeat<S, N, [...Count, 0], `${Made}${S}`>;
type Hundred =
  "Answer the customer in a calm and friendly tone; say what happens next, and never promise a refund. ";
type Long = Repeat<Hundred, 15>;
type Longer = Repeat<Hundred, 25>;
type ManyTags = Repeat<"{{#if lang}}{{lang}}{{else}}{{ticket}}{{/if}}", 12>;

export type Sizes = AllTrue<
  [
    Fits<`${Long}{{ticket}}${Long}`, Ticket>,
    Missing<`${Long}{{ticket}}${Long}{{lang}}`, Ticket, "lang">,
    Unused<`${Long}{{ticket}}${Long}`, Ticket & { lang: string }, "lang">,
    Missing<
      `${Longer}{{a}}${Longer}{{b}}${Longer}{{c}}${Longer}{{d}}{{e}}`,
      Ticket,
      "a" | "b" | "c" | "d" | "e"
    >,
    Fits<ManyTags, Maybe>,
    Missing<`${ManyTags}${ManyTags}{{tone}}`, Maybe, "tone">,
    Missing<`${Repeat<"{{#if lang}}", 30>}{{tone}}${Repeat<"{{/if}}", 30>}`, Maybe, "tone">,
  ]
>;

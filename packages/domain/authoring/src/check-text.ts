/** What a text must hold to before it becomes a version. */
import {
  type Body,
  bodiesOf,
  bodyMisfits,
  compileBody,
  contractVariables,
  errorCodeOf,
  fenceId,
  HarnessError,
  hashBody,
  type LocalizedText,
  localizedTexts,
  mediaContractProblems,
  mediaPaths,
  parseTemplate,
  templatePartials,
  templateVariables,
  unusedVariables,
  type VersionText,
} from "@colophon/kernel";

export interface TextToCheck {
  readonly key: string;
  readonly text: VersionText;
  /** Its partials and theirs, by reference. */
  readonly partials: ReadonlyMap<string, VersionText>;
}

/**
 * Refuses a text that could never be rendered as its own contract promises.
 *
 * @throws HarnessError `misfit`, `prompt-invalid`, or what the template language says of a body.
 */
export function checkText(check: TextToCheck): void {
  const { key, text } = check;
  checkLocaleNames(check);
  const localized = localizedTexts(text, check.partials);
  checkTemplates(check, localized);
  const bodies = bodiesOf(text);
  const partials = defaultBodies(check);
  const misfits = [...new Set(localized.flatMap((one) => bodyMisfits([one.body], text.input, one.partials)))];
  if (misfits.length > 0) {
    throw new HarnessError(
      "misfit",
      `${key} does not fit its own contract: ${misfits.join("; ")}. Add what is missing to input, or correct the body.`,
      { details: { key, misfits } },
    );
  }
  const problems = [
    ...unusedVariables(bodies, text.input, partials).map(
      (name) =>
        `${name} is required, but no placeholder reads it; write {{${name}}} into the body or take it out of input`,
    ),
    ...mediaContractProblems(text.input),
    ...untrustedProblems(text),
    ...toolProblems(text),
    ...cacheProblems(text),
    ...localeProblems(text, partials),
  ];
  if (problems.length > 0) {
    throw new HarnessError("prompt-invalid", `${key} cannot be a version: ${problems.join("; ")}.`, {
      details: { key, problems },
    });
  }
}

function namedBodies({ body, locales }: VersionText): readonly (readonly [string, Body])[] {
  const others = Object.entries(locales ?? {}).map(([name, other]) => [`, locale ${name}`, other] as const);
  return [["", body], ...others];
}

/**
 * Refuses bodies that are no templates, before anything else reads them.
 *
 * @throws HarnessError `template-syntax`, naming the prompt and the locale.
 */
export function checkSyntax(key: string, text: VersionText): void {
  for (const [where, body] of namedBodies(text)) blaming(`${key}${where}`, () => templatePartials(body));
}

/** Compiling a body finds what parsing alone does not: circles, and partials that are no text. */
function checkTemplates({ key, text }: TextToCheck, localized: readonly LocalizedText[]): void {
  const fence = fenceId(hashBody(text));
  const media = mediaPaths(text.input);
  for (const { asked, body, partials } of localized) {
    const where = asked === "" ? key : `${key}, locale ${asked}`;
    blaming(where, () => compileBody(body, { partials, untrusted: text.untrusted, fence, media }));
  }
}

function defaultBodies({ partials }: TextToCheck): ReadonlyMap<string, Body> {
  return new Map(Array.from(partials, ([ref, { body }]) => [ref, body]));
}

function blaming(where: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    throw new HarnessError(code, `${where}: ${(error as Error).message}`, { cause: error });
  }
}

function untrustedProblems({ untrusted = [], input }: VersionText): readonly string[] {
  const { all } = contractVariables(input);
  // A schema that says nothing of its properties takes any variable.
  if (all.length === 0 && input.properties === undefined) return [];
  return untrusted
    .filter((name) => !all.includes(name))
    .map(
      (name) => `untrusted names ${name}, which is no variable of input (${all.join(", ") || "it has none"})`,
    );
}

function toolProblems({ tools = [], toolChoice }: VersionText): readonly string[] {
  const names = tools.map((tool) => tool.name);
  const problems = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `tools has ${name} twice; give each tool its own name`);
  const choice = typeof toolChoice === "object" ? toolChoice.tool : undefined;
  if (choice !== undefined && !names.includes(choice)) {
    problems.push(
      `toolChoice asks for ${choice}, which is not among the tools (${names.join(", ") || "there are none"})`,
    );
  }
  if (toolChoice === "required" && names.length === 0) {
    problems.push("toolChoice is required, but there are no tools; add one or leave toolChoice out");
  }
  return problems;
}

/** The roles of a body's parts in their order; a text marks them itself and begins as a user message. */
function rolesOf(body: Body): readonly string[] {
  if (typeof body !== "string") return body.map((part) => (part === "history" ? "history" : part.role));
  const roles: string[] = [];
  let blank = true;
  for (const node of parseTemplate(body).nodes) {
    const text = typeof node === "string" ? node : "a tag";
    if (typeof node !== "string" && "role" in node) roles.push(node.role);
    else if (roles.length === 0) blank &&= text.trim() === "";
  }
  return blank && roles.length > 0 ? roles : ["user", ...roles];
}

function cacheProblems(text: VersionText): readonly string[] {
  return namedBodies(text).flatMap(([where, body]) => {
    const roles = rolesOf(body);
    return (text.cache ?? []).flatMap((point) => {
      if (point === "system") {
        return roles.includes("system")
          ? []
          : [`cache names the system part, which the body${where} does not have`];
      }
      if (point < roles.length && roles[point] !== "history") return [];
      const last = roles.length - 1;
      return [`cache names message ${point}, but the body${where} has messages 0 to ${last}, history apart`];
    });
  });
}

function checkLocaleNames({ key, text }: TextToCheck): void {
  const { defaultLocale, locales = {} } = text;
  for (const locale of [...Object.keys(locales), ...(defaultLocale === undefined ? [] : [defaultLocale])]) {
    try {
      Intl.getCanonicalLocales(locale);
    } catch (error) {
      throw new HarnessError(
        "prompt-invalid",
        `${key} has the locale "${locale}", which is no language tag: write one such as "de" or "pt-BR".`,
        { cause: error },
      );
    }
  }
}

/** A translation may leave out what is optional; what is required would be lost without a word. */
function localeProblems(text: VersionText, partials: ReadonlyMap<string, Body>): readonly string[] {
  const { body, locales = {}, defaultLocale, input } = text;
  const { required } = contractVariables(input);
  const reads = (of: Body): ReadonlySet<string | undefined> =>
    new Set(templateVariables(of, { partials }).map((use) => use.path.split(/[.[]/)[0]));
  const expected = [...reads(body)];
  const problems: string[] = [];
  for (const [locale, other] of Object.entries(locales)) {
    if (locale === defaultLocale) {
      problems.push(`locales has ${locale}, which is the default locale; its text is the body`);
    }
    if ((typeof other === "string") !== (typeof body === "string")) {
      problems.push(
        `locale ${locale} is a ${form(other)} where the body is a ${form(body)}; write both alike`,
      );
    }
    const read = reads(other);
    for (const name of expected) {
      if (name === undefined || !required.includes(name) || read.has(name)) continue;
      problems.push(
        `locale ${locale} does not read {{${name}}}, which the body reads and the contract requires`,
      );
    }
  }
  return problems;
}

function form(body: Body): string {
  return typeof body === "string" ? "text" : "list of messages";
}

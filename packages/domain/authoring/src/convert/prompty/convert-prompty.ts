/** Makes prompts of Prompty's files, of the first edition or the second. */
import { type ChatPart, errorCodeOf, type HarnessError, type JsonSchema } from "@colophon/kernel";
import { type Fields, isFields } from "../../field-reader.ts";
import { decodePromptFile } from "../../prompt-file/decode-prompt-file.ts";
import { parseFrontMatter } from "../../prompt-file/parse-front-matter.ts";
import { keyOfPath } from "../../prompt-file/prompt-file-path.ts";
import { splitPromptFile } from "../../prompt-file/split-prompt-file.ts";
import { boundSource } from "../bound-source.ts";
import { CannotConvert, linesOf } from "../cannot-convert.ts";
import { chatRole } from "../chat-roles.ts";
import { convertConfig } from "../convert-config.ts";
import type { DotpromptFile } from "../dotprompt/convert-dotprompt-file.ts";
import { fillDefaults } from "../dotprompt/fill-defaults.ts";
import { finishVersion } from "../finish-version.ts";
import { type Imported, type ImportedSet, type ImportedVersion, Remarks } from "../imported.ts";
import { inferInput } from "../infer-input.ts";
import { convertJinja } from "../jinja/convert-jinja.ts";
import { providerParameters } from "../provider-parameters.ts";
import { splitCases } from "../split-cases.ts";
import { readPromptyModel } from "./prompty-model.ts";
import { argumentsOf, objectOf, type PromptyProperty, readPromptyProperties } from "./prompty-schema.ts";

/** @param files in any order, with their paths from the folder of the prompts on. */
export function convertPrompty(
  files: readonly DotpromptFile[],
  { model }: { readonly model: string | null },
): Imported {
  const remarks = new Remarks();
  const versions: ImportedVersion[] = [];
  const sets: ImportedSet[] = [];
  for (const file of files) {
    try {
      const { version, set } = convertFile(file, { model, remarks });
      versions.push(version);
      if (set !== null) sets.push(splitCases(set, remarks));
    } catch (error) {
      if (!(error instanceof CannotConvert) && errorCodeOf(error) === undefined) throw error;
      const at = error instanceof CannotConvert ? error.line : (error as HarnessError).details?.line;
      remarks.leave(file.name, (error as Error).message, typeof at === "number" ? at : null);
    }
  }
  return { versions, sets, changes: remarks.changes, left: remarks.left };
}

interface Converting {
  readonly model: string | null;
  readonly remarks: Remarks;
}

interface ConvertedFile {
  readonly version: ImportedVersion;
  readonly set: ImportedSet | null;
}

function convertFile(file: DotpromptFile, { model, remarks }: Converting): ConvertedFile {
  const { name: from } = file;
  const split = splitPromptFile(decodePromptFile(file.source, from), from);
  const front = parseFrontMatter(split.front, from).value;
  const key = keyOfPath(file.path.replace(/\.prompty$/, ".prompt"));
  refuseOtherTemplate(front.template);
  const chosen = readPromptyModel(front.model, { from, remarks });
  const named = chosen.model ?? model;
  if (named === null)
    throw new CannotConvert("it names no model that is written out; say which with --model NAME.");
  const given = convertConfig({ ...chosen.parameters, ...toolsOf(front.tools, { from, remarks }) });
  for (const sentence of given.left) remarks.leave(from, sentence);
  const { parameters } = providerParameters(named.split("/")[0] ?? "", given.parameters);
  const inputs = readPromptyProperties(front.inputs);
  for (const { name, left } of inputs) {
    if (left.length > 0) remarks.leave(from, `of the input ${name}, ${left.join(", ")} has no counterpart.`);
  }
  const { body, input } = convertBody(split, { from, remarks, inputs });
  const outputs =
    isFields(front.outputs) || Array.isArray(front.outputs) ? readPromptyProperties(front.outputs) : [];
  const output = given.output ?? (outputs.length > 0 && chosen.isSecond ? objectOf(outputs) : null);
  if (outputs.length > 0 && output === null) {
    remarks.changed(from, "its outputs were taken out: nothing there asks the model for JSON.");
  }
  leaveOthers(front, { from, remarks, key });
  const purpose = [front.description, front.displayName, front.name].find(
    (one) => typeof one === "string" && one !== "",
  );
  const tags = tagsOf(front);
  const spec = finishVersion({
    key,
    parts: {
      body,
      model: named,
      parameters,
      input,
      tools: given.tools,
      ...(given.toolChoice !== null && { toolChoice: given.toolChoice }),
      ...(output !== null && { output }),
    },
    metadata: { ...(typeof purpose === "string" && { purpose }), ...(tags.length > 0 && { tags }) },
  });
  const version = { from, spec, number: null, author: null, message: null, at: null, labels: [] };
  return { version, set: sampleSet(front.sample, { from, key, remarks, inputs }) };
}

function refuseOtherTemplate(template: unknown): void {
  const format = isFields(template)
    ? isFields(template.format)
      ? template.format.kind
      : (template.format ?? template.type)
    : template;
  if (format === undefined || format === null || format === "jinja2" || format === "nunjucks") return;
  throw new CannotConvert(
    `its template is ${String(format)}; write it in jinja2 there, or its text by hand here.`,
  );
}

function toolsOf(tools: unknown, { from, remarks }: Remarking): Fields {
  if (tools === undefined || tools === null) return {};
  const list = isFields(tools)
    ? Object.entries(tools).map(([name, one]) => ({ name, ...(isFields(one) ? one : {}) }))
    : tools;
  if (!Array.isArray(list)) return { tools };
  return {
    tools: list.flatMap((tool) => {
      if (!isFields(tool)) return [tool];
      const { kind = "function", bindings, parameters } = tool;
      const name = String(tool.name);
      if (kind !== "function") {
        remarks.leave(
          from,
          `the tool ${name} is of the kind ${String(kind)}: only functions of the application are tools here.`,
        );
        return [];
      }
      if (bindings !== undefined)
        remarks.leave(
          from,
          `the bindings of the tool ${name} are left out: the application passes what it has itself.`,
        );
      return [parameters === undefined ? tool : { ...tool, parameters: argumentsOf(parameters) }];
    }),
  };
}

interface Remarking {
  readonly from: string;
  readonly remarks: Remarks;
}

interface ConvertingBody {
  readonly from: string;
  readonly remarks: Remarks;
  readonly inputs: readonly PromptyProperty[];
}

interface ConvertedBody {
  readonly body: readonly ChatPart[];
  readonly input: JsonSchema;
}

const ROLE_LINE =
  /^[ \t]*(?:#[ \t]*)?(system|user|assistant|developer|tool|function)(\[[^\]\n]*\])?[ \t]*:[ \t]*$/gim;

/** A file's inputs may be missing unless they are required; texts print nothing then. */
function convertBody(
  { body, bodyLine }: { readonly body: string; readonly bodyLine: number },
  { from, remarks, inputs }: ConvertingBody,
): ConvertedBody {
  const loose = new Set(
    inputs
      .filter(({ kind, isRequired, standard }) => kind === "string" && !isRequired && standard === undefined)
      .map(({ name }) => name),
  );
  const defaults = Object.fromEntries(
    inputs
      .filter(({ standard }) => standard !== undefined && standard !== null)
      .map(({ name, standard }) => [name, standard]),
  );
  const messages = splitRoles(body).map(({ role, content, line, attributes }) => {
    if (attributes !== null)
      remarks.changed(
        from,
        `${attributes} was taken out: a message has a role and words.`,
        bodyLine + line - 2,
      );
    if (/!\[[^\]\n]{0,200}\]\(/.test(content)) {
      throw new CannotConvert(
        "it has an image in Markdown, which is a medium there; make it a variable with x-media: true.",
      );
    }
    const lineOf = (at: number): number => bodyLine + line + at - 2;
    const say = (sentence: string, at: number): void => remarks.changed(from, sentence, lineOf(at));
    try {
      return { role, content: convertJinja(content, { isOptional: (name) => loose.has(name), say }) };
    } catch (error) {
      if (!(error instanceof CannotConvert) || error.line === null) throw error;
      throw new CannotConvert(error.message, lineOf(error.line));
    }
  });
  let input = inputs.length === 0 ? inferInput(messages) : inputSchema(inputs, loose);
  const filled = messages.map((message) => {
    const done = fillDefaults({ body: message.content, input, defaults }, { name: from, remarks });
    input = done.input;
    return { ...message, content: done.body };
  });
  sayRequired({ inputs, input, defaults }, { from, remarks });
  return { body: filled, input };
}

function inputSchema(inputs: readonly PromptyProperty[], loose: ReadonlySet<string>): JsonSchema {
  const properties = inputs.map(({ name, schema }): readonly [string, JsonSchema] => [
    name,
    loose.has(name) ? { ...schema, type: ["string", "null"] } : schema,
  ]);
  const required = inputs.filter(({ name }) => !loose.has(name)).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required: required.sort() }),
    additionalProperties: false,
  };
}

function sayRequired(
  {
    inputs,
    input,
    defaults,
  }: { readonly inputs: readonly PromptyProperty[]; readonly input: JsonSchema; readonly defaults: Fields },
  { from, remarks }: { readonly from: string; readonly remarks: Remarks },
): void {
  const { required = [] } = input as { readonly required?: readonly string[] };
  const needed = required.filter(
    (name) => defaults[name] === undefined && inputs.find((one) => one.name === name)?.isRequired !== true,
  );
  if (needed.length === 0) return;
  remarks.changed(
    from,
    `${needed.join(", ")} must be passed here, where Prompty prints nothing for what is missing.`,
  );
}

interface RoleText {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
  /** Of the body, counted from 1. */
  readonly line: number;
  /** Such as `[name="ada"]`; null for none. */
  readonly attributes: string | null;
}

/** Text before the first role is the system's, and blanks at the ends of a message go, as Prompty has it. */
function splitRoles(body: string): readonly RoleText[] {
  const marks = [...boundSource(body).matchAll(ROLE_LINE)];
  const lineAt = linesOf(body);
  const first = body.slice(0, marks[0]?.index ?? body.length);
  const texts = [
    { role: "system", start: 0, text: first, attributes: null },
    ...marks.map((mark, index) => {
      const start = mark.index + mark[0].length;
      const text = body.slice(start, marks[index + 1]?.index);
      return { role: (mark[1] ?? "").toLowerCase(), start, text, attributes: mark[2] ?? null };
    }),
  ];
  return texts
    .filter(({ text }) => text.trim() !== "")
    .map(({ role, start, text, attributes }, index) => {
      return {
        role: chatRole(role, `message ${index + 1}`),
        content: text.trim(),
        line: lineAt(start + text.length - text.trimStart().length),
        attributes,
      };
    });
}

const KNOWN = new Set(
  "name displayName description metadata tags authors inputs outputs model tools template sample version $schema kind".split(
    " ",
  ),
);

function leaveOthers(front: Fields, { from, remarks, key }: Remarking & { readonly key: string }): void {
  const { name: own, displayName, description, version, metadata } = front;
  const names = [own, displayName].filter((one) => typeof one === "string" && one !== "" && one !== key);
  if (names.length > 0 && typeof description === "string" && description !== "")
    remarks.changed(from, `its name ${names.join(", ")} stays behind: it is ${key}, as its path says.`);
  if (version !== undefined)
    remarks.changed(from, "its version was taken out: the registry numbers versions.");
  for (const name of Object.keys(isFields(metadata) ? metadata : {})) {
    if (name === "authors") sayAuthors({ from, remarks });
    else if (name !== "tags")
      remarks.leave(from, `metadata.${name} is left out: it is no fact that a prompt has here.`);
  }
  for (const name of Object.keys(front)) {
    if (!KNOWN.has(name)) remarks.leave(from, `${name} is left out: it is no field that a prompt has here.`);
  }
  if (front.authors !== undefined) sayAuthors({ from, remarks });
}

function sayAuthors({ from, remarks }: Remarking): void {
  remarks.changed(from, "its authors were taken out: whoever registers it is in the log.");
}

function tagsOf({ tags, metadata }: Fields): readonly string[] {
  const given = tags ?? (isFields(metadata) ? metadata.tags : undefined);
  return Array.isArray(given)
    ? given.filter((tag): tag is string => typeof tag === "string" && tag !== "")
    : [];
}

interface Sampling extends ConvertingBody {
  readonly key: string;
}

/** A sample expects nothing: its case asks only for an answer at all. */
function sampleSet(sample: unknown, { from, key, remarks, inputs }: Sampling): ImportedSet | null {
  const examples = inputs
    .filter(({ example }) => example !== undefined)
    .map(({ name, example }) => [name, example] as const);
  const variables = isFields(sample) ? sample : examples.length > 0 ? Object.fromEntries(examples) : null;
  if (variables === null) {
    if (sample !== undefined)
      remarks.leave(from, "its sample stands in another file; write it into this one.");
    return null;
  }
  remarks.changed(from, `its sample is a case of the eval set ${key}, which asks only for an answer at all.`);
  const scorers = [{ scorer: "length", options: { min: 1, unit: "words" } }];
  return { from, name: key, cases: [{ variables, scorers }] };
}

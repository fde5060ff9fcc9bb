/** Rules about what may change under a text: floating models, `latest`, partials without a version. */
import { isFloatingModel, type ModelChoice } from "@colophon/kernel";
import type { ReviewRule } from "../review-rule.ts";
import type { ReviewedText } from "../reviewed-text.ts";
import { textFields } from "../text-fields.ts";

interface NamedModel {
  readonly model: ModelChoice;
  readonly field: string;
  readonly words: string;
}

function modelsOf({ text, metadata }: ReviewedText): readonly NamedModel[] {
  const { backup = [], routes = {} } = metadata;
  return [
    { model: text.model, field: "model", words: "model" },
    ...backup.map((model, at) => ({ model, field: "backup", words: `backup[${at}]` })),
    ...Object.entries(routes).map(([name, model]) => ({ model, field: "routes", words: `routes.${name}` })),
  ];
}

/** Names of these providers without a date are aliases of a dated model. */
const DATED: Readonly<Record<string, { readonly alias: RegExp; readonly dated: RegExp }>> = {
  openai: { alias: /^(?:gpt-|o\d|chatgpt-)/, dated: /\d{4}-\d{2}-\d{2}$|-\d{4}(?:-preview)?$/ },
  anthropic: { alias: /^claude-/, dated: /-\d{8}$/ },
};

function isUndated({ provider, id }: ModelChoice): boolean {
  const known = DATED[provider];
  return known?.alias.test(id) === true && !known.dated.test(id);
}

export const FLOATING_MODEL: ReviewRule = {
  id: "floating-model",
  severity: "medium",
  summary: "The name of a model is one that its provider may point elsewhere.",
  advice: "Name a dated model, and change it with a version that a gate has seen.",
  find: (text) =>
    modelsOf(text).flatMap(({ model, field, words }) => {
      const floats = isFloatingModel(model);
      if (!floats && !isUndated(model)) return [];
      const name = `${model.provider}/${model.id}`;
      return [
        {
          severity: floats ? "medium" : "low",
          message: floats
            ? `${name} is whatever its provider calls so today: evidence about it holds until it is pointed elsewhere.`
            : `${name} has no date: its provider may put another model behind the name.`,
          about: name,
          spot: { field, words },
        },
      ];
    }),
};

/** `latest` as a version, such as `support.triage@latest`, `image:latest`. */
const PINNED_LATEST = /(?:^|[\w.-][@:])latest$/i;
const NAMED_LATEST = /(?<![\w.-])[\w.-]{2,200}@latest\b/i;

export const LATEST: ReviewRule = {
  id: "latest",
  severity: "medium",
  summary: "Something is pinned to `latest`, which changes under whoever asks.",
  advice: "Name a version.",
  find: ({ parts, text }) => [
    ...parts.flatMap((part) => {
      const found = NAMED_LATEST.exec(part.words);
      if (found === null) return [];
      return [
        {
          message: `${found[0]} is no version: what it stands for changes while the text does not.`,
          about: found[0],
          spot: { part, offset: found.index },
        },
      ];
    }),
    ...textFields(text)
      .filter(({ field, value }) => field === "parameters" && PINNED_LATEST.test(value))
      .map(({ field, words, value }) => ({
        message: `${words} is ${value}, which is no version: what it stands for changes while the text does not.`,
        about: words,
        spot: { field, words },
      })),
  ],
};

export const UNPINNED_PARTIAL: ReviewRule = {
  id: "unpinned-partial",
  severity: "medium",
  summary: "A partial has no version.",
  advice: "Pin it as {{> NAME@vN}}: a protected environment takes no other.",
  find: ({ parts }) =>
    parts.flatMap((part) =>
      part.includes
        .filter(({ version }) => version === null)
        .map(({ ref, offset }) => ({
          message: `{{> ${ref}}} is whatever version serves when it is asked for: this text changes with it, and no evidence is about both.`,
          about: ref,
          spot: { part, offset },
        })),
    ),
};

/** Reads the model of a Prompty file; what stands in the environment is never read. */
import { type Fields, isFields } from "../../field-reader.ts";
import { CannotConvert, excerpt } from "../cannot-convert.ts";
import type { Remarks } from "../imported.ts";

export interface PromptyModel {
  /** `provider/model`; null where none is written out. */
  readonly model: string | null;
  readonly parameters: Fields;
  /** Whether the file is of Prompty's second edition. */
  readonly isSecond: boolean;
}

const READ = new Set("id provider api apiType configuration connection parameters options".split(" "));
const ANSWERING: readonly string[] = ["chat", "completion", "responses"];

const PROVIDERS: Readonly<Record<string, string>> = {
  azure_openai: "azure",
  azure: "azure",
  foundry: "azure",
};

/** @throws CannotConvert for a model that gives no answer in words. */
export function readPromptyModel(
  value: unknown,
  { from, remarks }: { readonly from: string; readonly remarks: Remarks },
): PromptyModel {
  if (typeof value === "string") return { model: written(value), parameters: {}, isSecond: true };
  if (!isFields(value)) return { model: null, parameters: {}, isSecond: false };
  const { configuration, parameters, options, connection, id, provider, api, apiType } = value;
  const setup = isFields(configuration) ? configuration : {};
  if (connection !== undefined || configuration !== undefined) {
    remarks.changed(
      from,
      "how it connects was taken out: the application's own client does that, and what stands in the environment is never read.",
    );
  }
  for (const field of Object.keys(value)) {
    if (!READ.has(field))
      remarks.leave(from, `model.${field} is left out: it is no field that a prompt has here.`);
  }
  refuseOtherApi(api ?? apiType);
  const name = written(id) ?? written(setup.azure_deployment) ?? written(setup.model) ?? written(setup.name);
  const by = written(provider) ?? written(setup.type);
  const owner = by === null ? null : Object.hasOwn(PROVIDERS, by) ? (PROVIDERS[by] ?? by) : by;
  return {
    model: name === null ? null : owner === null || name.includes("/") ? name : `${owner}/${name}`,
    parameters: { ...additional(options), ...(isFields(parameters) ? parameters : {}) },
    isSecond: id !== undefined || options !== undefined,
  };
}

/** @throws CannotConvert for what is no call of a model that answers in words. */
function refuseOtherApi(api: unknown): void {
  if (api === undefined || api === null || ANSWERING.includes(String(api))) return;
  throw new CannotConvert(
    `its model is asked by the API ${excerpt(String(api))}, which gives no answer in words.`,
  );
}

function written(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" && !value.includes("${") ? value : null;
}

function additional(options: unknown): Fields {
  if (!isFields(options)) return {};
  const { additionalProperties, ...rest } = options;
  return { ...rest, ...(isFields(additionalProperties) ? additionalProperties : {}) };
}

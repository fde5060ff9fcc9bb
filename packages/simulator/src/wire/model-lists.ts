/** The lists of models, each in its provider's shape: the profiles by name, and any other name too. */

import { type Context, Hono } from "hono";
import type { ModelMaker } from "../profiles.ts";
import { writeAnthropicFailure } from "./anthropic-messages/anthropic-failure.ts";
import { writeGoogleFailure } from "./google-generate/google-failure.ts";
import { writeOpenaiFailure } from "./openai/openai-failure.ts";
import type { WireParts } from "./serve-call.ts";
import type { WireFailure } from "./wire-format.ts";

const CREATED = Date.UTC(2026, 0, 1);
const PAGE = { first_id: null, last_id: null, has_more: false };

interface ListShape {
  readonly one: (name: string) => Readonly<Record<string, unknown>>;
  readonly all: (names: readonly string[]) => Readonly<Record<string, unknown>>;
  readonly failure: (failure: WireFailure, requestId: string) => Readonly<Record<string, unknown>>;
}

function writeOpenaiModel(id: string): Readonly<Record<string, unknown>> {
  return { id, object: "model", created: CREATED / 1_000, owned_by: "colophon-simulator" };
}

function writeAnthropicModel(id: string): Readonly<Record<string, unknown>> {
  const at = new Date(CREATED).toISOString();
  return { type: "model", id, display_name: `${id} (colophon simulator)`, created_at: at };
}

function writeGoogleModel(name: string): Readonly<Record<string, unknown>> {
  return {
    name: `models/${name}`,
    displayName: `${name} (colophon simulator)`,
    supportedGenerationMethods: ["generateContent", "streamGenerateContent", "countTokens"],
  };
}

const SHAPES: Readonly<Record<ModelMaker, ListShape>> = {
  openai: {
    one: writeOpenaiModel,
    all: (names) => ({ object: "list", data: names.map(writeOpenaiModel) }),
    failure: writeOpenaiFailure,
  },
  anthropic: {
    one: writeAnthropicModel,
    all: (names) => ({ data: names.map(writeAnthropicModel), ...PAGE }),
    failure: writeAnthropicFailure,
  },
  google: {
    one: writeGoogleModel,
    all: (names) => ({ models: names.map(writeGoogleModel) }),
    failure: writeGoogleFailure,
  },
};

/** The routes below /v1 serve two providers; Anthropic's clients name the version of its interface. */
function askerOf(context: Context): ModelMaker {
  return context.req.header("anthropic-version") === undefined ? "openai" : "anthropic";
}

export function modelLists({ lineUp, settings, nextRequestId }: WireParts): Hono {
  const list = (context: Context, maker: ModelMaker): Response => {
    const known = lineUp.names(settings.now()).filter(({ profile }) => profile.maker === maker);
    return context.json(SHAPES[maker].all(known.map(({ name }) => name)));
  };
  const retrieve = (context: Context<object, "/:name">, maker: ModelMaker): Response => {
    const name = context.req.param("name");
    if (lineUp.at(name, settings.now()) !== undefined) return context.json(SHAPES[maker].one(name));
    const message = `The model '${name}' does not exist or was retired.`;
    const failure: WireFailure = {
      status: 404,
      kind: "not-found",
      message,
      param: "model",
      code: "model_not_found",
    };
    return context.json(SHAPES[maker].failure(failure, nextRequestId()), 404);
  };
  const route = new Hono();
  route.get("/v1/models", (context) => list(context, askerOf(context)));
  route.get("/v1/models/:name", (context) => retrieve(context, askerOf(context)));
  route.get("/v1beta/models", (context) => list(context, "google"));
  route.get("/v1beta/models/:name", (context) => retrieve(context, "google"));
  return route;
}

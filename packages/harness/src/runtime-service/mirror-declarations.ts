/** Mirrors what an application's code declares, for applications that reach the store through a server. */
import {
  type Declaration,
  decideDeclarations,
  type MirroredDeclaration,
} from "@colophon/authoring/registration";
import { canonicalJson, HarnessError, RISKS } from "@colophon/kernel";
import { z } from "zod";
import { boundSchema } from "../bounds/bound-schema.ts";
import { boundText } from "../bounds/bound-text.ts";
import { changeRegistry } from "../change-registry.ts";
import type { Harness } from "../harness.ts";
import { environmentName, modelShape, promptKey, words } from "../operations/shapes.ts";
import { jsonSchemaShape, textShape } from "../operations/text-shapes.ts";

const name = z.string().max(200);
const metadataShape = z.object({
  purpose: words.nullable().exactOptional(),
  owner: name.nullable().exactOptional(),
  risk: z.enum(RISKS).exactOptional(),
  tags: z.array(name).max(100).exactOptional(),
  evalSet: name.nullable().exactOptional(),
  backup: z.array(modelShape).max(100).exactOptional(),
  routes: z.record(name, modelShape).exactOptional(),
});
const declarationShape = z.object({
  key: promptKey,
  text: textShape,
  input: jsonSchemaShape.exactOptional(),
  bound: z.array(name).max(1000),
  providers: z.array(name).max(1000),
  tools: z.array(name).max(1000),
  metadata: metadataShape.exactOptional(),
});
const requestShape = z.object({
  application: name.nullable(),
  environment: environmentName,
  number: z.boolean(),
  declarations: z.array(declarationShape).max(10_000),
  commit: name.nullable(),
});

/** What an application says when it starts. */
export interface DeclarationsRequest {
  /** Null for one without a name. */
  readonly application: string | null;
  readonly environment: string;
  /** Whether a new text becomes a version. */
  readonly number: boolean;
  readonly declarations: readonly Declaration[];
  readonly commit: string | null;
}

/**
 * The request out of parsed JSON.
 *
 * @throws HarnessError `input-malformed` for what is none, and for fields that this version does not
 * know: a text without them would be another text.
 * @example
 * const body = '{"application":"shop","environment":"production","number":true,"declarations":[],"commit":null}';
 * const { application, declarations } = readDeclarations(JSON.parse(body));
 */
export function readDeclarations(value: unknown): DeclarationsRequest {
  const read = requestShape.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? "the request" : issue.path.join(".");
    throw malformed(`${where}: ${issue?.message ?? "it cannot be read"}`);
  }
  const request = read.data as DeclarationsRequest;
  for (const [index, declaration] of request.declarations.entries()) {
    const given = (value as DeclarationsRequest).declarations[index];
    if (canonicalJson(declaration) === canonicalJson(given)) continue;
    throw malformed(
      `${declaration.key} has fields that this server does not know; update the server before the SDK`,
    );
  }
  return request;
}

/**
 * Says again only what differs from what the application said last, as its SDK does on a store at hand.
 *
 * @throws HarnessError `environment-unknown`, `prompt-invalid`, `schema-unsupported`, `declaration-conflict`, and of
 * the store.
 * @example
 * const mirrored = await mirrorDeclarations(harness, {
 *   application: "shop",
 *   environment: "production",
 *   number: true,
 *   declarations: [],
 *   commit: null,
 * });
 */
export async function mirrorDeclarations(
  harness: Harness,
  request: DeclarationsRequest,
  more: { readonly keepsMetadata?: boolean } = {},
): Promise<readonly MirroredDeclaration[]> {
  for (const { key, text, input } of request.declarations) {
    boundText(text, key);
    if (input !== undefined) boundSchema(input);
  }
  const { actor } = harness;
  const command = { ...request, ...more, by: actor, author: actor.id };
  const { result } = await changeRegistry(harness, (state, texts) =>
    decideDeclarations(state, { ...command, texts }),
  );
  return result;
}

function malformed(what: string): HarnessError {
  return new HarnessError("input-malformed", `These are no declarations: ${what}.`);
}

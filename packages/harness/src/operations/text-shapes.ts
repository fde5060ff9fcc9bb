/** The shape of a version's text. */
import { z } from "zod";
import { modelShape } from "./shapes.ts";

/** JSON Schema, as open as it is. */
export const jsonSchemaShape = z.record(z.string(), z.unknown());

const bodyShape = z.union([
  z.string(),
  z.array(
    z.union([
      z.literal("history"),
      z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }),
    ]),
  ),
]);

export const textShape = z
  .object({
    body: bodyShape,
    locales: z.record(z.string(), bodyShape).exactOptional(),
    defaultLocale: z.string().exactOptional(),
    model: modelShape,
    tools: z
      .array(z.object({ name: z.string(), description: z.string().exactOptional(), input: jsonSchemaShape }))
      .exactOptional(),
    toolChoice: z
      .union([z.enum(["auto", "none", "required"]), z.object({ tool: z.string() })])
      .exactOptional(),
    input: jsonSchemaShape,
    untrusted: z.array(z.string()).exactOptional(),
    output: jsonSchemaShape.exactOptional(),
    cache: z.array(z.union([z.int(), z.literal("system")])).exactOptional(),
    partials: z.record(z.string(), z.string()).exactOptional(),
  })
  .meta({ id: "Text" });

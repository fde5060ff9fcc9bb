/** Operations that take in what other tools hold. */
import { z } from "zod";
import { importVersion } from "../authoring/import/import-version.ts";
import { operation } from "./operation.ts";
import { registeredVersionShape } from "./registry-shapes.ts";
import { words } from "./shapes.ts";

const name = z.string().max(1_000);

export const importVersionOperation = operation({
  name: "version.import",
  method: "POST",
  path: "/imports",
  tag: "registry",
  summary: "Make a version of a prompt that another tool has; the same content again makes none.",
  scope: "author",
  targetOf: ({ file }) => file,
  input: z.object({ value: z.unknown(), file: name, message: words.nullable(), author: name.nullable() }),
  output: registeredVersionShape,
  run: importVersion,
});

export const IMPORT_OPERATIONS = [importVersionOperation] as const;

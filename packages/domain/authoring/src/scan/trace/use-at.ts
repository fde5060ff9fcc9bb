/** Says where a call stands that a text goes to. */
import type { FindingUse } from "../finding.ts";
import type { CallPlace, ModuleIndex } from "./module-index.ts";

export function useAt(
  { modules, lines }: ModuleIndex,
  { module, call }: CallPlace,
  facts: Pick<FindingUse, "client" | "role" | "message" | "model" | "parameters">,
): FindingUse {
  const { file, calls } = modules[module]!;
  const { from, to } = calls[call]!;
  return { file, line: lines[module]!.lineAt(from), span: { from, to }, ...facts };
}

/** Holds the repository to the rules of its house, without any list of exceptions. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCycles } from "./house/check-cycles.ts";
import { checkDirection } from "./house/check-direction.ts";
import { checkDocLinks } from "./house/check-doc-links.ts";
import { checkErrorCodes } from "./house/check-error-codes.ts";
import { checkFileForm } from "./house/check-file-form.ts";
import { checkMachineTraces } from "./house/check-machine-traces.ts";
import type { Finding } from "./house/finding.ts";
import { readTree } from "./house/source-tree.ts";

export function checkHouse(root: string): readonly Finding[] {
  const tree = readTree(root);
  const checks = [
    checkDirection,
    checkCycles,
    checkFileForm,
    checkErrorCodes,
    checkDocLinks,
    checkMachineTraces,
  ];
  return checks.flatMap((check) => check(tree));
}

function main(): void {
  const findings = checkHouse(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const { rule, path, line, message } of findings) {
    console.error(`${path}${line === undefined ? "" : `:${line}`} [${rule}] ${message}`);
  }
  if (findings.length > 0) {
    console.error(`\nThe house check found ${findings.length} problem(s).`);
    process.exitCode = 1;
  } else console.log("The house stands.");
}

if (import.meta.main) main();

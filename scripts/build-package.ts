/** Builds the published package into the SDK's dist folder and prints what each of its imports weighs. */
import { join, relative } from "node:path";
import { assemblePackage, ROOT } from "./package/assemble-package.ts";
import { measureSizes, sizeTable } from "./package/measure-sizes.ts";

const outDir = join(ROOT, "packages/faces/sdk/dist");
await assemblePackage(outDir);
const sizes = await measureSizes(outDir);
console.log(
  `${sizeTable(sizes)}\n\nThe package is in ${relative(process.cwd(), outDir)}; npm publish it from there.`,
);
if (sizes.some(({ gzipped, bytes }) => gzipped > bytes)) {
  console.error("An import is over its budget (scripts/package/size-budgets.ts).");
  process.exitCode = 1;
}

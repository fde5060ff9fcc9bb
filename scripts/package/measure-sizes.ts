/** Weighs what each import of the package costs an application, against its budget. */
import { gzipSync } from "node:zlib";
import { bundleImport } from "./bundle-import.ts";
import { SIZE_BUDGETS, type SizeBudget } from "./size-budgets.ts";

export interface MeasuredSize extends SizeBudget {
  readonly minified: number;
  readonly gzipped: number;
}

/** One measurement per budget. */
export function measureSizes(packageDir: string): Promise<readonly MeasuredSize[]> {
  return Promise.all(
    SIZE_BUDGETS.map(async (budget) => {
      const { file, also = [], take } = budget;
      const names = take?.length ? `{ ${take.join(", ")} }` : "*";
      const imports = [
        `export ${names} from "./${file}";`,
        ...also.map((one) => `export * from "./${one}";`),
      ];
      const source = imports.join("\n");
      const { code } = await bundleImport({ source, from: packageDir, conditions: [] });
      return { ...budget, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
    }),
  );
}

/** The measurements as a table for people. */
export function sizeTable(sizes: readonly MeasuredSize[]): string {
  const rows = sizes.map(({ name, minified, gzipped, bytes }) => [
    name,
    ...[minified, gzipped, bytes].map((count) => count.toLocaleString("en")),
    gzipped > bytes ? "over" : "",
  ]);
  const table = [["import", "minified", "gzip -9", "budget", ""], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return table.map((row) => lineOf(row).trimEnd()).join("\n");
}

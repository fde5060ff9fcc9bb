/** Compiles examples, each as a module of its own, in one run of the TypeScript compiler. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PRELUDE } from "./prelude.fixture.ts";

export interface CodeExample {
  /** Document or source file. */
  readonly path: string;
  /** Line of the first line of code. */
  readonly line: number;
  readonly code: string;
}

const OPTIONS = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  rewriteRelativeImportExtensions: false,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
};

/** A folder that git and the checks ignore, inside the repository so that packages are found from it. */
export function workFolder(root: string): string {
  const parent = join(root, "scripts", "examples", "dist");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "run-"));
}

/** What the compiler says against the examples, each with the place where the example stands. */
export function compileExamples(root: string, examples: readonly CodeExample[]): readonly string[] {
  const folder = workFolder(root);
  try {
    for (const [name, text] of Object.entries(PRELUDE)) writeFileSync(join(folder, name), text);
    for (const [index, { code }] of examples.entries()) {
      writeFileSync(join(folder, `example-${index}.ts`), `${code}\nexport {};\n`);
    }
    const config = { extends: join(root, "tsconfig.base.json"), compilerOptions: OPTIONS, include: ["*"] };
    const configFile = join(folder, "tsconfig.json");
    writeFileSync(configFile, JSON.stringify({ ...config, compilerOptions: { ...OPTIONS, rootDir: root } }));
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [compiler, "-p", configFile, "--pretty", "false"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    return `${stdout}${stderr}`.split("\n").flatMap((line) => located(line, examples));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Errors elsewhere are those of the type check, and lines that go on are left out. */
function located(line: string, examples: readonly CodeExample[]): readonly string[] {
  const [, file = "", row, rest] = /^([\w.-]+)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
  const example = examples[Number(/^example-(\d+)\.ts$/.exec(file)?.[1] ?? Number.NaN)];
  if (example !== undefined) return [`${example.path}:${example.line + Number(row) - 1} ${rest}`];
  return file === "" && !/^(error|tsconfig)/.test(line) ? [] : [line];
}

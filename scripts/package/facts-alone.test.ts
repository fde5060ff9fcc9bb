/** Holds a kernel without the words of its errors against the whole one: it does the same, and says less. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import * as whole from "@colophon/kernel";
import { Rolldown } from "tsdown";
import { describe, expect, it } from "vitest";
import { ROOT } from "./assemble-package.ts";
import { factsAlone } from "./facts-alone.ts";

type Kernel = typeof whole;

async function bundleKernel(plugins: Rolldown.Plugin[]): Promise<string> {
  const input = join(ROOT, "packages/kernel/src/index.ts");
  const bundle = await Rolldown.rolldown({ cwd: ROOT, input, plugins });
  const { output } = await bundle.generate({ format: "iife", name: "kernel", comments: false });
  await bundle.close();
  return output[0].code;
}

const code = await bundleKernel([factsAlone()]);
const facts = runInThisContext(`${code}\nkernel`) as Kernel;

interface Vector {
  readonly body: whole.Body;
  readonly partials?: Readonly<Record<string, string>>;
  readonly untrusted?: readonly string[];
  readonly fence?: string;
  readonly media?: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly history?: readonly whole.Message[];
}

/** What a kernel makes of a vector: messages, or the error as callers match it. */
function outcomeOf(kernel: Kernel, vector: Vector): unknown {
  const { body, partials = {}, untrusted, fence, media, variables, history } = vector;
  try {
    const options = {
      partials: new Map(Object.entries(partials)),
      untrusted,
      fence,
      media: media && new Set(media),
    };
    return structuredClone(kernel.compileBody(body, options).render(variables, { history }));
  } catch (error) {
    const { details } = error as whole.HarnessError;
    return { code: kernel.errorCodeOf(error), details };
  }
}

function failure(work: () => unknown): whole.HarnessError {
  try {
    work();
  } catch (error) {
    return error as whole.HarnessError;
  }
  throw new Error("nothing was thrown");
}

describe("the kernel without the words of its errors", () => {
  const file = readFileSync(join(ROOT, "packages/kernel/vectors/template.json"), "utf8");
  const { cases } = JSON.parse(file) as { readonly cases: readonly (Vector & { readonly name: string })[] };

  it.each(cases)("does what the whole one does: $name", (vector) => {
    expect(outcomeOf(facts, vector)).toEqual(outcomeOf(whole, vector));
  });

  it("has none of them left, and the whole one has them all", async () => {
    const words = [
      ...["pass it, or put it inside", "there is no helper", "names no model", "is no medium"],
      ...["write the whole path", "there is no whitespace control", "is a literal, not a name"],
    ];
    expect(words.filter((some) => code.includes(some))).toEqual([]);
    const plain = await bundleKernel([]);
    expect(words.filter((some) => plain.includes(some))).toEqual(words);
  });

  it("says the facts of an error and its code, once", () => {
    const messages = [
      () => facts.compileBody("{{upper name}}"),
      () => facts.compileBody([{ role: "user", content: "\n{{> tone}}" }]),
      () => facts.compileBody("{{a}}").render({}),
      () => facts.modelChoice(""),
      () => facts.buildText({ model: "m" }),
    ].map((work) => failure(work).message);
    expect(messages).toEqual([
      "{{upper name}}, line 1, column 1 (template-syntax: see Colophon's docs/errors.md)",
      "{{> tone}}, line 2, column 1 (partial-missing: see Colophon's docs/errors.md)",
      "a (variable-missing: see Colophon's docs/errors.md)",
      '"" (prompt-invalid: see Colophon\'s docs/errors.md)',
      "prompt-invalid: see Colophon's docs/errors.md",
    ]);
  });
});

/** The renderer alone, beside Handlebars and a template literal, for context. */
import { compileBody } from "@colophon/kernel";
import Handlebars from "handlebars";
import { do_not_optimize, measure } from "mitata";
import { type Figure, figure } from "../figure.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import {
  chatBody,
  type PromptVariables,
  promptBody,
  promptVariables,
  type Script,
} from "../workload/prompt-body.ts";

const VARIABLES: readonly PromptVariables[] = Array.from({ length: 1024 }, (_, index) =>
  promptVariables(index),
);

type Renderer = (variables: PromptVariables) => string;

/** What a person would write by hand for this one body. */
function literalOf(body: string): Renderer {
  const [a = "", b = "", c = "", d = "", e = "", f = ""] = body.split(/\{\{\w+\}\}/);
  return ({ ticket, lang, tone, name, plan }) =>
    `${a}${ticket}${b}${lang}${c}${tone}${d}${name}${e}${plan}${f}`;
}

function renderersOf(script: Script): readonly (readonly [string, Renderer])[] {
  const body = promptBody(1, script);
  const compiled = compileBody(body);
  return [
    ["Colophon", (variables) => compiled.render(variables)[0]?.content ?? ""],
    ["Handlebars", Handlebars.compile(body, { noEscape: true })],
    ["template literal", literalOf(body)],
  ];
}

function chatRenderer(): Renderer {
  const compiled = compileBody(chatBody(1));
  return (variables) =>
    compiled
      .render(variables)
      .map(({ content }) => content)
      .join("\n");
}

function checkSame(renderers: readonly (readonly [string, Renderer])[]): void {
  const texts = new Set(renderers.map(([, render]) => render(VARIABLES[0] as PromptVariables)));
  if (texts.size !== 1) throw new Error("The renderers disagree about the text.");
}

async function time(render: Renderer, quick: boolean): Promise<number> {
  let index = 0;
  const task = (): void => {
    index += 1;
    do_not_optimize(Buffer.byteLength(render(VARIABLES[index & 1023] as PromptVariables)));
  };
  const brief = { min_cpu_time: 1e6, min_samples: 8, max_samples: 64 };
  const { p50 } = await measure(task, quick ? brief : { min_cpu_time: 2e9 });
  return p50;
}

export async function render({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const figures: Figure[] = [];
  for (const [script, label] of [
    ["latin", "600 words"],
    ["wide", "600 words outside Latin-1"],
  ] as const) {
    const renderers = renderersOf(script);
    checkSame(renderers);
    for (const [name, renderer] of renderers) {
      say(`${name}, ${label}`);
      figures.push(figure(`${name}, ${label}, p50`, (await time(renderer, quick)) / 1000, "µs"));
    }
  }
  figures.push(
    figure("Colophon, chat of three messages, p50", (await time(chatRenderer(), quick)) / 1000, "µs"),
  );
  return {
    figures,
    notes: [
      "The result is flattened, as sending it does; without resolution and without checking the variables.",
    ],
  };
}

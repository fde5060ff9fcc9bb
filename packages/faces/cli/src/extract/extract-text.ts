/** Prints what extract proposes or has done, for people. */
import type { ExtractAnswer, ExtractionProposal } from "@colophon/harness";
import type { Paint } from "../cli.ts";

interface Shown {
  readonly answer: ExtractAnswer;
  readonly path: string;
  readonly written: boolean;
}

export function extractText(paint: Paint, given: Shown): string {
  const shown = { ...given, answer: plain(given.answer) };
  const { answer, written } = shown;
  const { proposals, left, changes, diff } = answer;
  const snippets = proposals.filter(({ snippet }) => snippet !== null);
  const parts = [
    headline(shown),
    ...proposals.map((proposal) => proposalText(paint, proposal)),
    ...(left.length === 0
      ? []
      : [
          [
            paint.bold("Left as they are"),
            ...left.map(
              ({ file, line, client, reason }) =>
                `  ${file}:${line}${client === null ? "" : paint.dim(` ${client}`)}  ${reason}`,
            ),
          ].join("\n"),
        ]),
    ...(snippets.length === 0 ? [] : [pythonText(paint, answer, snippets)]),
    ...(written || changes.length === 0 ? [] : [diffText(paint, diff)]),
    ...answer.notes.map((note) => paint.yellow(`Note: ${note}`)),
    nextText(shown),
  ];
  return parts.join("\n\n");
}

/** Sources and names of files may hold anything, and must not reach the terminal as commands. */
function plain(answer: ExtractAnswer): ExtractAnswer {
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === "string"
      ? value.replaceAll(/(?![\n\t]|\r\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, " ")
      : value,
  ) as ExtractAnswer;
}

function headline({ answer, written }: Shown): string {
  const { proposals, changes } = answer;
  if (proposals.length === 0) return "No prompt can be extracted.";
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const what = count(proposals.length, "prompt");
  return written
    ? `Extracted ${what}; ${count(changes.length, "file")} changed.`
    : `${what} can be extracted; ${count(changes.length, "file")} would change. Nothing is written yet.`;
}

function proposalText(paint: Paint, proposal: ExtractionProposal): string {
  const { key, name, file, line, client, text, variables, remarks } = proposal;
  const { provider, id } = text.model;
  return [
    `${paint.bold(key)}${name === null ? "" : ` as ${name}`}  ${file}:${line} ${paint.dim(`${client} · ${provider}/${id}`)}`,
    ...(variables.length === 0
      ? []
      : [`  variables: ${variables.map((variable) => `${variable.name} (${variable.type})`).join(", ")}`]),
    ...remarks.map((remark) => paint.yellow(`  · ${remark}`)),
  ].join("\n");
}

function diffText(paint: Paint, diff: string): string {
  const painted = diff.split("\n").map((line) => {
    if (/^(---|\+\+\+) /.test(line)) return paint.bold(line);
    if (line.startsWith("@@")) return paint.cyan(line);
    if (line.startsWith("+")) return paint.green(line);
    return line.startsWith("-") ? paint.red(line) : line;
  });
  return painted.join("\n").trimEnd();
}

function pythonText(
  paint: Paint,
  { pythonHelper }: ExtractAnswer,
  snippets: readonly ExtractionProposal[],
): string {
  return [
    paint.bold("Python is not rewritten. Put this once into the application:"),
    pythonHelper ?? "",
    ...snippets.map(
      ({ file, line, snippet }) => `${paint.bold(`in place of the call in ${file}:${line}:`)}\n\n${snippet}`,
    ),
  ].join("\n\n");
}

function nextText({ answer, path, written }: Shown): string {
  const { proposals, left, packages } = answer;
  const install = packages.length === 0 ? [] : [`npm install ${packages.join(" ")}`];
  if (proposals.length === 0) {
    return left.length === 0
      ? "No call of a model is left to be extracted here."
      : "Next: mend what is said above, and run it again.";
  }
  const isCode = proposals.some(({ name }) => name !== null);
  const isFile = proposals.some(({ name }) => name === null);
  const steps = written
    ? [
        ...install,
        "your formatter, type check and tests",
        ...(isCode ? ["colophon list once the application has run"] : []),
        ...(isFile ? ["colophon push, colophon release, and then the calls above"] : []),
      ]
    : [`colophon extract ${path} --write`, "or keys of your own: -o plan.json", ...install];
  return `Next: ${steps.join("; ")}`;
}

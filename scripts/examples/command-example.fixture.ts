/** Reads a command's section of docs/cli.md: its files, its command lines, and the JSON fields that it names. */
import { readFences } from "./read-fences.fixture.ts";

export interface CommandLine {
  /** The arguments, without the program's name. */
  readonly argv: readonly string[];
  /** What the line sets before the program's name, such as `USER=ada`. */
  readonly env: Readonly<Record<string, string>>;
  /** What the line says of it at its end, `# exit code 3`, else 0. */
  readonly code: number;
}

export interface CommandExample {
  /** Content by name: blocks such as "yaml triage.yaml". */
  readonly files: readonly (readonly [name: string, content: string])[];
  /** The lines of `sh` blocks. */
  readonly commands: readonly CommandLine[];
  /** Top-level fields, from the paragraph "JSON: …". */
  readonly fields: readonly string[];
  /** True for JSON Lines. */
  readonly lines: boolean;
}

export function readCommandExample(section: string): CommandExample {
  const fences = readFences("docs/cli.md", section);
  const [, lines, named = ""] = /^JSON( Lines)?: (.*)$/m.exec(section) ?? [];
  // What stands in brackets is told of a field, not a field of its own.
  const topLevel = named.replace(/\([^()]*\)/g, "");
  return {
    files: fences.flatMap(({ words: [name], text }) =>
      name === undefined ? [] : [[name, `${text}\n`] as const],
    ),
    commands: fences
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => text.split("\n").map(commandLine)),
    fields: [...topLevel.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ""),
    lines: lines !== undefined,
  };
}

function commandLine(line: string): CommandLine {
  const [, command = line, code = "0"] = /^(.*\S)\s+# exit code (\d+)$/.exec(line) ?? [];
  const [, set = "", rest = command] = /^((?:[A-Z_]+=\S+ )*)(.*)$/.exec(command) ?? [];
  const env = Object.fromEntries(
    [...set.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  return { argv: argumentsOf(rest), env, code: Number(code) };
}

/** Words, and texts in double quotes. */
function argumentsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
  return words.slice(1);
}

/** The command line inside this process, in a folder: what an operator does beside applications, without a start for each command. */
import { runCli } from "@colophon/cli";
import { systemClock } from "@colophon/kernel";

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Its environment is what is given and nothing else. */
export async function runCommand(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CommandRun> {
  const written = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") => ({
    write(text: string): void {
      written[name] += text;
    },
  });
  const code = await runCli(args, {
    ...{ stdout: into("stdout"), stderr: into("stderr"), stdin: nothing() },
    ...{ env, cwd, clock: systemClock },
  });
  return { code, ...written };
}

async function* nothing(): AsyncGenerator<string> {}

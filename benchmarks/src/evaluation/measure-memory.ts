/** The most memory that whole commands take over a large set: the command line itself, asking a server over HTTP. */
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { KEY, promptFile, SCORERS, SET, writeCases } from "./eval-workload.ts";
import { runMeasured, type Usage } from "./run-measured.ts";

const MAIN = fileURLToPath(new URL("../../../packages/faces/cli/src/main.ts", import.meta.url));
const SERVER = fileURLToPath(new URL("./instant-server.ts", import.meta.url));
const MOST_MB = 300;
/** The gate has done its work whatever it says: latencies are those of a busy machine. */
const VERDICTS = [0, 1, 3];

export interface MemoryOptions {
  readonly folder: string;
  readonly cases: number;
  readonly say: (message: string) => void;
}

export async function measureMemory({ folder, cases, say }: MemoryOptions): Promise<readonly Figure[]> {
  const home = join(folder, "large");
  mkdirSync(home);
  const file = join(folder, "cases-large.jsonl");
  writeCases(file, cases);
  const server = await startServer();
  const figures: Figure[] = [];
  try {
    const measure = async (name: string, args: readonly string[]): Promise<void> => {
      const { peak, took } = await runCommand(home, args);
      const megabytes = peak / 2 ** 20;
      say(`${name}: ${megabytes.toFixed(0)} MB, ${(took / 1000).toFixed(0)} s`);
      figures.push(against(figure(`${name}, peak of the process`, megabytes, "MB"), atMost(MOST_MB)));
    };
    const count = `${cases.toLocaleString("en-US")} cases`;
    const scorers = SCORERS.flatMap((scorer) => ["--scorer", scorer]);
    await measure(`evalset import, ${count}`, ["evalset", "import", file, "--name", SET, ...scorers]);
    await measure(`evalset import again, ${count}`, ["evalset", "import", file, "--name", SET]);
    for (const number of [1, 2]) {
      const prompt = join(home, `prompt-${number}.json`);
      writeFileSync(prompt, promptFile(number));
      await runCommand(home, ["register", prompt]);
    }
    const asked = ["--set", SET, "--base-url", server.address];
    await measure(`eval, ${count}`, ["eval", `${KEY}@v1`, "--split", "test", ...asked]);
    await measure(`gate of two versions, ${count}`, ["gate", `${KEY}@v2`, "--against", "v1", ...asked]);
  } finally {
    server.close();
  }
  return figures;
}

function runCommand(cwd: string, args: readonly string[]): Promise<Usage> {
  return runMeasured({
    args: [MAIN, ...args],
    cwd,
    env: { OPENAI_API_KEY: "none", NO_COLOR: "1" },
    fine: args[0] === "gate" ? VERDICTS : [0],
  });
}

function startServer(): Promise<{ readonly address: string; close(): void }> {
  const child = fork(SERVER, [], { env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (port) =>
      resolve({ address: `http://127.0.0.1:${String(port)}/v1`, close: () => child.disconnect() }),
    );
  });
}

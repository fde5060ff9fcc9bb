/** Runs an example against the simulator: `npm run example:hono`, `npm run example:nextjs`. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSimulator } from "@colophon/simulator";
import { assemblePackage, ROOT } from "./package/assemble-package.ts";

interface Example {
  /** The program and its arguments, in the example's folder. */
  readonly command: (port: string) => readonly string[];
  /** Whether its bundler needs the package as it is published. */
  readonly isBundled: boolean;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  hono: { command: () => [process.execPath, "src/main.ts"], isBundled: false },
  nextjs: {
    command: (port) => [
      process.execPath,
      join(ROOT, "node_modules/next/dist/bin/next"),
      "dev",
      "--port",
      port,
    ],
    isBundled: true,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "3000" }, seed: { type: "string", default: "1" } },
});
const [name = ""] = positionals;
const example = Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;

if (example === undefined) {
  console.error(`There is no example "${name}"; there are ${Object.keys(EXAMPLES).join(" and ")}.`);
  process.exitCode = 2;
} else {
  await run(example, join(ROOT, "examples", name));
}

async function run({ command, isBundled }: Example, folder: string): Promise<void> {
  if (isBundled) await assemblePackage(join(folder, "node_modules/colophon"));
  const simulator = await startSimulator({
    seed: Number(values.seed),
    announce: (line) => console.log(line),
  });
  const [program = "", ...args] = command(values.port);
  const child = spawn(program, args, {
    cwd: folder,
    stdio: "inherit",
    env: {
      ...process.env,
      PORT: values.port,
      OPENAI_BASE_URL: simulator.baseUrl,
      OPENAI_API_KEY: "simulated",
      SIMULATED: "1",
      COLOPHON_STORE: join(folder, ".colophon"),
      NEXT_TELEMETRY_DISABLED: "1",
    },
  });
  // A terminal interrupts the whole group; the simulator stays until the application has ended.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", async (code) => {
    await simulator.close();
    process.exit(code ?? 0);
  });
}

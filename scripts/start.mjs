/** Sets the project up where that is still to do, then runs a file of it on the project's own Node 24. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const WANTED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const running = Number(process.versions.node.split(".")[0]);
const [file, ...args] = process.argv.slice(2);

if (running < 20) {
  stop(
    `Colophon needs Node 20 or newer to start; this is ${process.versions.node}. Install a newer one and try again.`,
  );
} else if (!file) {
  stop("Name a file to run: node scripts/start.mjs FILE [ARGUMENTS].");
} else {
  // Loaded only now, so that an old Node meets the sentence above and not a syntax error.
  const { setUp } = await import("./setup.mjs");
  if (await setUp(root)) run(candidates());
  else process.exitCode = 1;
}

function stop(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}

/** The project's own Node first; the running one where it is new enough, for platforms without an own one. */
function candidates() {
  const own = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return [...(existsSync(own) ? [own] : []), ...(running >= WANTED ? [process.execPath] : [])];
}

function run([node, ...others]) {
  if (!node) {
    const here = `${process.platform}/${process.arch}`;
    stop(
      `Colophon needs Node ${WANTED} or newer on ${here}; this is ${process.versions.node}. Install it and try again.`,
    );
    return;
  }
  const path = [dirname(node), join(root, "node_modules/.bin"), process.env.PATH]
    .filter(Boolean)
    .join(delimiter);
  const env = { ...process.env, PATH: path, NODE: node, npm_node_execpath: node };
  const child = spawn(node, [resolve(root, file), ...args], { stdio: "inherit", env });
  const forward = (signal) => {
    // A terminal sends its interrupt to the whole group: a second one would read as "at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  // An own Node that cannot run here (another libc) shows itself as an error of the spawn.
  child.on("error", () => {
    for (const signal of signals) process.off(signal, forward);
    run(others);
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + (constants.signals[signal] ?? 1) : code;
  });
}

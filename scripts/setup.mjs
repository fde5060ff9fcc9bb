/** Brings node_modules to the lock file, once, on whatever Node (20 or newer) npm was started with. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

const BEAT_MS = 1_000;
const POLL_MS = 200;
/** How long a waiter watches a heartbeat stand still, on its own clock, before it stops believing in the holder … */
const SILENCE_MS = 60_000;
/** … and how long where the holder is gone but its npm, which has no heartbeat, seems to run on. */
const ORPHAN_MS = 600_000;
const MUTEX_MS = 10_000;

/** Resolves to true when the dependencies are in place; says on stderr why when they are not. */
export async function setUp(root) {
  const place = {
    root,
    want: fingerprint(root),
    stamp: join(root, "node_modules/.colophon-setup"),
    lock: join(root, ".setup-lock"),
  };
  for (const watch = {}; !isDone(place); await sleep(POLL_MS)) {
    if (tryLock(place)) return isDone(place) ? release(place) : install(place);
    watchHolder(place, watch);
  }
  return true;
}

function fingerprint(root) {
  const lock = fs.readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(lock).update(`\n${process.platform} ${process.arch}`).digest("hex");
}

function isDone({ stamp, want }) {
  return readText(stamp) === want;
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

// --- the lock: a file with the pids of the holder and of its npm, touched while the holder lives

function tryLock({ lock }) {
  try {
    fs.writeFileSync(lock, holderText(), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function holderText(installer) {
  return JSON.stringify({ host: hostname(), pid: process.pid, installer });
}

/** Leaves a lock alone that a waiter has taken over meanwhile. */
function release({ lock }) {
  if (isOwn(lock)) fs.rmSync(lock, { force: true });
  return true;
}

function isOwn(lock) {
  const holder = readHolder(lock);
  return holder?.host === hostname() && holder.pid === process.pid;
}

function readHolder(lock) {
  try {
    return { ...JSON.parse(fs.readFileSync(lock, "utf8")), beat: fs.statSync(lock).mtimeMs };
  } catch {
    try {
      return { beat: fs.statSync(lock).mtimeMs };
    } catch {
      return undefined;
    }
  }
}

function watchHolder(place, watch) {
  const holder = readHolder(place.lock);
  if (!holder) return;
  if (watch.beat !== holder.beat) Object.assign(watch, { beat: holder.beat, since: performance.now() });
  if (!watch.said) {
    console.error("Waiting for another start that is installing the dependencies …");
    watch.said = true;
  }
  if (performance.now() - watch.since >= patience(holder)) takeOver(place, holder.beat);
}

/** A killed holder may leave its npm running: two of them in one node_modules would spoil it, so that one is waited for. */
function patience({ host, pid, installer }) {
  if (host !== hostname() || isRunning(pid)) return SILENCE_MS;
  return installer && isRunning(installer) ? ORPHAN_MS : 0;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

/** Only under this mutex is a lock removed by someone else, so no waiter can remove the lock of the one before it. */
function takeOver({ lock }, beat) {
  const mutex = `${lock}.takeover`;
  try {
    fs.mkdirSync(mutex);
  } catch {
    const age = Date.now() - (fs.statSync(mutex, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > MUTEX_MS) fs.rmSync(mutex, { recursive: true, force: true });
    return;
  }
  try {
    if (readHolder(lock)?.beat === beat) fs.rmSync(lock, { force: true });
  } finally {
    fs.rmSync(mutex, { recursive: true, force: true });
  }
}

// --- the installation

async function install(place) {
  try {
    if (!isRecordedByNpm(place.root)) {
      console.error("Installing the dependencies (npm ci), once …");
      const failure = await runNpm(place);
      if (failure) {
        console.error(`Colophon's set-up failed: npm ci ${failure}; see the lines above, then try again.`);
        return false;
      }
    }
    fs.writeFileSync(place.stamp, place.want);
    return true;
  } finally {
    release(place);
  }
}

/** True when npm's own record of node_modules, written at the end of an install, already equals the lock file. */
function isRecordedByNpm(root) {
  const recorded = readPackages(join(root, "node_modules/.package-lock.json"));
  const wanted = readPackages(join(root, "package-lock.json"));
  if (!recorded || !wanted) return false;
  for (const [at, entry] of Object.entries(wanted)) {
    if (!at.includes("node_modules/")) continue;
    const found = recorded[at];
    if (found ? found.version !== entry.version || found.integrity !== entry.integrity : !entry.optional)
      return false;
    if (found && !fs.existsSync(join(root, at))) return false;
  }
  return Object.keys(recorded).every((at) => at in wanted);
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function runNpm({ root, lock }) {
  const { command, args, shell } = npmCommand();
  // Said outright, because NODE_ENV or a user's configuration may leave out what the tests need or run install scripts.
  const flags = [
    "--include=dev",
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const child = spawn(command, [...args, "ci", ...flags], { cwd: root, shell, stdio: ["ignore", 2, 2] });
  fs.writeFileSync(lock, holderText(child.pid));
  const beat = setInterval(() => isOwn(lock) && fs.utimesSync(lock, new Date(), new Date()), BEAT_MS);
  const forward = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((settle) => {
    child.on("error", (error) => settle(`could not be started (${error.message})`));
    child.on("exit", (code, signal) =>
      settle(signal ? `was stopped by ${signal}` : code ? `ended with ${code}` : undefined),
    );
  }).finally(() => {
    clearInterval(beat);
    for (const signal of signals) process.off(signal, forward);
  });
}

/** npm_execpath may be absent, or belong to npx or another package manager: then the npm beside this Node, then the PATH's. */
function npmCommand() {
  const bin = dirname(process.execPath);
  const places = [
    process.env.npm_execpath,
    join(bin, "../lib/node_modules/npm/bin/npm-cli.js"),
    join(bin, "node_modules/npm/bin/npm-cli.js"),
  ];
  const script = places.find((file) => file && basename(file) === "npm-cli.js" && fs.existsSync(file));
  return script
    ? { command: process.execPath, args: [script], shell: false }
    : { command: "npm", args: [], shell: process.platform === "win32" };
}

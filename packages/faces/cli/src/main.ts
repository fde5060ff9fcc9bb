#!/usr/bin/env node
/** The entry of the command line: checks Node before anything that an old one lacks is loaded. */
const WANTED_MAJOR = 22;
const WANTED_MINOR = 13;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < WANTED_MAJOR || (major === WANTED_MAJOR && minor < WANTED_MINOR)) {
  process.stderr.write(
    `Colophon needs Node ${WANTED_MAJOR}.${WANTED_MINOR} or newer; this is ${process.versions.node}: install a newer one and try again.\n`,
  );
  process.exitCode = 2;
} else {
  const { runProcess } = await import("./run-process.ts");
  await runProcess();
}

/** The thread of a watchdog: it looks whether steps still begin, and kills the process when none does. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

interface Watched {
  readonly shared: SharedArrayBuffer;
  readonly patienceMs: number;
}

const { shared, patienceMs } = workerData as Watched;
const [beats, text] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];

for (let seen = Atomics.load(beats, 0); ; ) {
  Atomics.wait(beats, 0, seen, patienceMs);
  const beat = Atomics.load(beats, 0);
  if (beat === seen) {
    const step = Buffer.from(text.slice(0, beats[1])).toString();
    writeSync(2, `\nThe process hangs for ${patienceMs} ms, and is killed, in: ${step}\n`);
    process.kill(process.pid, "SIGKILL");
  }
  seen = beat;
}

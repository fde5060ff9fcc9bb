/** A process that writes rows until it is killed, and prints each receipt: `node sink-writer.fixture.ts FILE SPOOL ROW`. */
import { writeSync } from "node:fs";
import {
  createIdSource,
  type ExecutionDraft,
  type ExecutionId,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import { createSqliteSink } from "./sqlite-sink.ts";

const [file = "", spoolDir = "", template = "{}"] = process.argv.slice(2);
const row = JSON.parse(template) as ExecutionDraft;
const ids = createIdSource({ clock: systemClock, random: systemRandom });
const onNotice = (message: string): void => void writeSync(2, `${message}\n`);
const sink = createSqliteSink({ file, spoolDir, clock: systemClock, ids, onNotice });
for (;;) {
  for (let at = 0; at < 20; at++) {
    const id = ids.next() as ExecutionId;
    writeSync(1, `${id} ${sink.write({ ...row, id })}\n`);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

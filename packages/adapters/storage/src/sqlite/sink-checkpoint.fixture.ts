/** A process whose last work is to wait for a checkpoint of a long log. */
import { systemClock } from "@colophon/kernel";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { SinkCheckpoint } from "./sink-checkpoint.ts";

const [file = ""] = process.argv.slice(2);
const core = openSqliteCore({ file, mode: "create", clock: systemClock });
const checkpoint = new SinkCheckpoint(file);
checkpoint.prepare(core);
core.db.exec("CREATE TABLE long (bytes BLOB); INSERT INTO long VALUES (zeroblob(9000000))");
checkpoint.nudge();
await checkpoint.finished();
core.close();
console.log("finished");

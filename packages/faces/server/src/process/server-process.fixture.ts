/** A server in a process of its own, to be killed: says its port, and serves until it is told to stop. */
import { pino } from "pino";
import { serve } from "../serve.ts";

const [store = "", port = "0"] = process.argv.slice(2);
const running = await serve({
  ...{ store, cwd: store, host: "127.0.0.1", port: Number(port) },
  log: pino({ level: "silent" }),
});
await running.ready;
process.stdout.write(`${running.port}\n`);
process.stdin.once("data", () => {
  void running.close().then(() => process.stdin.unref());
});

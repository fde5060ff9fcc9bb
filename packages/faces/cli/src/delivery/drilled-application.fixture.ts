/** An application for tests of drills: serves an environment, and writes down every version that it comes to serve. */
import { open } from "colophon";
import { triage } from "../story/story-prompt.ts";

const [store = "", application = "shop"] = process.argv.slice(2);
const colophon = open({ store, environment: "production", application });
let served: number | null | undefined;

function look(): void {
  const { version } = colophon.resolve(triage, { user: "ada" });
  if (version === served) return;
  served = version;
  process.stdout.write(`v${version}\n`);
}

await colophon.ready();
setInterval(look, 5);
process.stdin.on("end", () => {
  void colophon.close().then(() => process.exit(0));
});
process.stdin.resume();

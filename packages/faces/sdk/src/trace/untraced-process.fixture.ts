/** A process without OpenTelemetry that makes two calls, the second in a trace, and says what it touched. */
import { registerHooks } from "node:module";
import { z } from "zod";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith("@opentelemetry/")) throw new Error(`${specifier} was loaded.`);
    return next(specifier, context);
  },
});

let asked = 0;
const { getBuiltinModule } = process;
process.getBuiltinModule = ((name: string) => {
  asked += 1;
  return getBuiltinModule.call(process, name);
}) as typeof getBuiltinModule;

const { definePrompt } = await import("../define/define-prompt.ts");
const { testHarness } = await import("../testing.ts");

const triage = definePrompt({
  key: "untraced.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "{{ticket}}",
});
const colophon = testHarness();
const call = () => colophon.resolve(triage).record({ ticket: "It crashes" }, async () => "bug");

await call();
const before = asked;
await colophon.trace("first", call);

const registered = Object.getOwnPropertySymbols(globalThis).includes(Symbol.for("opentelemetry.js.api.1"));
const rows = colophon.executions().length;
process.stdout.write(JSON.stringify({ rows, registered, asked: [before, asked] }));

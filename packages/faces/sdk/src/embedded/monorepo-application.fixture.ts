/** What an application of a monorepo does when it starts: declares a prompt that others declare too, and answers once. */
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { open } from "../node.ts";

const [words = "", ...more] = process.argv.slice(2);
const names = ["ticket", ...more];

const triage = definePrompt({
  key: "support.triage",
  model: "gpt-5-mini",
  owner: words,
  input: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
  body: `${words}: ${names.map((name) => `{{${name}}}`).join(" ")}` as string,
});

const colophon = open({ onNotice: () => undefined });
const call = colophon.resolve(triage, { user: "ada" });
const text = call.record(Object.fromEntries(names.map((name) => [name, name])), (p) => p.text);
await colophon.flush();
console.log(JSON.stringify({ text, version: call.version, reason: call.resolution.reason }));
await colophon.close();

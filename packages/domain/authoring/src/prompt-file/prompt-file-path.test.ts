/** Tests of keys and paths: a path says a key, and a key has one safe path. */
import { expect, it } from "vitest";
import { keyOfPath, pathOfKey } from "./prompt-file-path.ts";

it.each([
  ["support/ticket-triage.prompt", "support.ticket-triage"],
  ["shared/_tone.prompt", "shared.tone"],
  ["_tone.prompt", "tone"],
  ["a/b/c.d.prompt", "a.b.c.d"],
  ["./a//b.prompt", "a.b"],
  ["a\\b.prompt", "a.b"],
  ["_a/_b.prompt", "_a.b"],
])("the path %s says the key %s", (path, key) => {
  expect(keyOfPath(path)).toBe(key);
});

it.each([
  ["support.ticket-triage", "support/ticket-triage.prompt"],
  ["team/support.triage", "team/support/triage.prompt"],
  ["a..b", "a/b.prompt"],
  ["a/../../b", "a/b.prompt"],
  ["a/", "a.prompt"],
  ["nul.COM1", "nul_/COM1_.prompt"],
])("the key %s has the path %s", (key, path) => {
  expect(pathOfKey(key)).toBe(path);
});

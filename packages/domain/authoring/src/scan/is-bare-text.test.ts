/** Tests of telling texts that say nothing by themselves. */
import { expect, it } from "vitest";
import { isBareText } from "./is-bare-text.ts";

it.each([
  "{{greeting}}",
  "\n{{context}}\n\n---\n{{question}}",
  "msg_{{now}}",
  "[task_id={{taskId}}]",
  "#role#{{role}}#",
  "data:{{mime}};base64,{{data}}",
  "https://example.org/{{path}}",
  "image/svg+xml",
])("takes for bare: %s", (text) => {
  expect(isBareText(text)).toBe(true);
});

it.each([
  "Question:{{question}}",
  "Summarize {{text}}",
  "/no_think",
  "翻译：{{text}}",
  "Why?",
  "<user_query>{{user_query}}</user_query> Answer it.",
  "Read https://example.org/ and say what it sells.",
])("takes for a text with something to say: %s", (text) => {
  expect(isBareText(text)).toBe(false);
});

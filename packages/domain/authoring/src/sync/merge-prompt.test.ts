/** Tests of merging prompt files: what nobody touched stays as it was written, and what both changed is shown. */
import { describe, expect, it } from "vitest";
import { readPromptFile } from "../prompt-file/read-prompt-file.ts";
import { type MergedPrompt, mergePrompt, newPromptFile } from "./merge-prompt.ts";
import { type PromptContent, promptContent } from "./prompt-content.ts";

const PLACE = { name: "prompts/support/triage.prompt", key: "support.triage" };
const NAMES = { ours: "prompts/support/triage.prompt", base: "v1", theirs: "v2 by ada" };

function contentOf(source: string): PromptContent {
  const { text, metadata } = readPromptFile(source, PLACE);
  return promptContent(text, metadata);
}

interface Sources {
  readonly ours: string;
  readonly base: string | null;
  readonly theirs: string;
}

function merge({ ours, base, theirs }: Sources): MergedPrompt {
  return mergePrompt({
    ...{ key: "support.triage", place: PLACE, source: ours, names: NAMES },
    ours: contentOf(ours),
    base: base === null ? null : contentOf(base),
    theirs: contentOf(theirs),
  });
}

/** Written by hand: a comment, space that nobody needs, names in an order of their own. */
function byHand(model: string, ...lines: readonly string[]): string {
  return `---
# The support team asked for this
input:
  schema:
    ticket: string,   what they wrote
    language?: string
colophon.owner:    support
model:   ${model}   # cheap is enough
---
${[...lines, "{{ticket}}"].join("\n")}
`;
}

const BASE = byHand("gpt-5-mini", "Sort the ticket.", "One of:", "billing", "bug", "other");

describe("mergePrompt", () => {
  it("takes over a change of the registry and leaves the rest of the file as it was written", () => {
    const theirs = byHand("gpt-5-mini", "Sort the ticket.", "One of:", "billing", "bug", "other or spam");
    const merged = merge({ ours: BASE, base: BASE, theirs });
    expect(merged).toMatchObject({ kind: "merged", source: theirs });
  });

  it("keeps comments beside a change of the front matter", () => {
    const theirs = BASE.replace("colophon.owner:    support", "colophon.owner: sales");
    const merged = merge({ ours: BASE, base: BASE, theirs });
    expect(merged.source).toContain("# The support team asked for this");
    expect(merged.source).toContain("gpt-5-mini   # cheap is enough");
    expect(contentOf(merged.source)).toEqual(contentOf(theirs));
  });

  it("joins changes of both sides in different places", () => {
    const ours = byHand("gpt-5-mini", "Sort the ticket well.", "One of:", "billing", "bug", "other");
    const theirs = byHand("gpt-5", "Sort the ticket.", "One of:", "billing", "bug", "other", "spam");
    const merged = merge({ ours, base: BASE, theirs });
    const both = byHand("gpt-5", "Sort the ticket well.", "One of:", "billing", "bug", "other", "spam");
    expect(merged.kind).toBe("merged");
    expect(contentOf(merged.source)).toEqual(contentOf(both));
    expect(merged.source).toContain("# The support team asked for this");
  });

  it("keeps the line ends of a file", () => {
    const windows = BASE.replaceAll("\n", "\r\n");
    const theirs = byHand("gpt-5-mini", "Sort it.", "One of:", "billing", "bug", "other");
    const merged = merge({ ours: windows, base: BASE, theirs });
    expect(merged.source).toBe(theirs.replaceAll("\n", "\r\n"));
  });

  it("shows both sides and their ancestor where both changed the same line", () => {
    const ours = byHand("gpt-5-mini", "Sort the ticket well.", "One of:", "billing", "bug", "other");
    const theirs = byHand("gpt-5-mini", "Sort the ticket fast.", "One of:", "billing", "bug", "other");
    const merged = merge({ ours, base: BASE, theirs });
    expect(merged).toMatchObject({ kind: "conflict", conflicts: 1, problem: null });
    expect(merged.source).toContain(
      [
        "<<<<<<< prompts/support/triage.prompt",
        "Sort the ticket well.",
        "||||||| v1",
        "Sort the ticket.",
        "=======",
        "Sort the ticket fast.",
        ">>>>>>> v2 by ada",
      ].join("\n"),
    );
    expect(merged.source).toContain("# The support team asked for this");
  });

  it("adds and takes away fields where the file has an order of its own", () => {
    const theirs = BASE.replace("colophon.owner:    support\n", "colophon.risk: high\n");
    const merged = merge({ ours: BASE, base: BASE, theirs });
    expect(merged.source).toBe(
      BASE.replace("colophon.owner:    support\n", "").replace(
        "enough\n---",
        "enough\ncolophon.risk: high\n---",
      ),
    );
  });

  it("takes for a conflict what is no prompt once it is joined, and says why", () => {
    const base = byHand("gpt-5-mini", "{{#if language}}", "Sort.", "Be brief.", "Be kind.", "{{/if}}");
    const ours = byHand("gpt-5-mini", "{{#if language}}", "Sort.", "{{/if}}", "Be brief.", "Be kind.");
    const theirs = byHand("gpt-5-mini", "Sort.", "Be brief.", "Be kind.");
    expect(merge({ ours, base, theirs })).toMatchObject({
      ...{ kind: "conflict", conflicts: 0 },
      problem: expect.stringContaining("prompts/support/triage.prompt:"),
    });
  });

  it("shows all that differs where nothing says what both were made from", () => {
    const theirs = byHand("gpt-5-mini", "Sort the ticket.", "One of:", "billing", "bug", "other or spam");
    const merged = merge({ ours: BASE, base: null, theirs });
    expect(merged).toMatchObject({ kind: "conflict", conflicts: 1 });
    expect(merged.source).toContain("other\n||||||| v1\n=======\nother or spam\n");
  });
});

describe("newPromptFile", () => {
  it("says of a prompt what it is and no more, and its name where the path says another", () => {
    const content = contentOf(byHand("gpt-5-mini", "Sort."));
    const source = newPromptFile("support.triage", content, "support.triage");
    expect(source).not.toContain("name:");
    expect(source).not.toContain("risk");
    expect(contentOf(source)).toEqual(content);
    expect(newPromptFile("support/triage", content, "support.triage")).toContain("name: support/triage");
  });
});

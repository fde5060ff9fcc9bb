/** Tests how names of models are read. */
import { describe, expect, it } from "vitest";
import { isFloatingModel, modelChoice } from "./model-choice.ts";

describe("modelChoice", () => {
  it.each([
    ["gpt-5-mini", "openai", "gpt-5-mini"],
    ["o3", "openai", "o3"],
    ["claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"],
    ["gemini-2.5-pro", "google", "gemini-2.5-pro"],
    ["mistral-large", "mistral", "mistral-large"],
    ["command-r", "cohere", "command-r"],
    ["grok-4", "xai", "grok-4"],
    ["deepseek-chat", "deepseek", "deepseek-chat"],
    ["llama-4", "custom", "llama-4"],
    ["openrouter/meta/llama-4", "openrouter", "meta/llama-4"],
    ["azure/gpt-5", "azure", "gpt-5"],
  ])("reads %s as a model of %s", (given, provider, id) => {
    expect(modelChoice(given)).toEqual({ provider, id });
  });

  it("leaves the slash in a name whose provider is given apart", () => {
    expect(modelChoice({ id: "meta/llama-4", provider: "together" })).toEqual({
      provider: "together",
      id: "meta/llama-4",
    });
  });

  it("lets parameters given beside the model win over its own", () => {
    const model = { id: "gpt-5", parameters: { temperature: 1, seed: 2 } };
    expect(modelChoice(model, { temperature: 0 }).parameters).toEqual({ temperature: 0, seed: 2 });
  });

  it("takes a parameter that is undefined for one that is not given", () => {
    expect(modelChoice("gpt-5", { temperature: undefined })).toEqual({ provider: "openai", id: "gpt-5" });
  });

  it.each(["", "  ", "openai/", { id: "" }, { id: { __proto__: null } }, null, undefined, 5, {}])(
    "refuses %j, which names no model",
    (given) => {
      expect(() => modelChoice(given as string)).toThrowError(
        expect.objectContaining({ code: "prompt-invalid" }),
      );
    },
  );

  it("tells names that may be pointed elsewhere any day", () => {
    const floating = ["latest", "gpt-5-latest", "llama:latest"];
    const fixed = ["gpt-5-mini", "gpt-5-2026-01-01", "greatest"];
    expect(floating.filter((id) => isFloatingModel({ provider: "x", id }))).toEqual(floating);
    expect(fixed.filter((id) => isFloatingModel({ provider: "x", id }))).toEqual([]);
  });
});

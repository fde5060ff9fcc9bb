/** Proves that a pinned prompt knows its variables and its answer by key and version, and is as open as ever without. */
import type { Colophon, PromptOutput, PromptVariables } from "colophon";

declare module "colophon" {
  interface PromptTypes {
    "type-test.triage": {
      v6: { variables: { readonly ticket: string }; output: string };
      v7: {
        variables: { readonly ticket: string; readonly language?: string };
        output: { readonly label: "billing" | "bug" };
      };
    };
  }
}

declare const colophon: Colophon;
declare const anyKey: string;

const seven = colophon.resolve(colophon.get("type-test.triage", { version: "v7" }));
seven.render({ ticket: "I was charged twice", language: "en" });
// @ts-expect-error a variable is missing
seven.render({ language: "en" });
// @ts-expect-error a variable of another type
seven.render({ ticket: 7 });

const six = colophon.resolve(colophon.get("type-test.triage", { version: "v6" }));
six.render({ ticket: "I was charged twice" });
// @ts-expect-error only v7 takes it
six.render({ ticket: "I was charged twice", language: "en" });

// What no file names takes anything, as it always did.
colophon.resolve(colophon.get("type-test.triage", { version: "v99" })).render({ whatever: 1 });
colophon.resolve(colophon.get("type-test.other", { version: "v1" })).render({ whatever: 1 });
colophon.resolve(colophon.get(anyKey, { version: "v1" })).render({ whatever: 1 });
// @ts-expect-error no version
colophon.get("type-test.triage", {});
// @ts-expect-error there is no latest
colophon.get("type-test.triage", { version: "latest" });

// What is fetched ahead: a pin, several of them, or what a call will be for.
void colophon.prefetch("type-test.triage@v7");
void colophon.prefetch(new Set([seven.pin, six.pin]));
void colophon.prefetch({ user: "ada", pin: seven.pin });
// @ts-expect-error a handle is no pin
void colophon.prefetch([colophon.get("type-test.triage", { version: "v7" })]);

const label: PromptOutput<"type-test.triage", "v7">["label"] = "bug";
const words: PromptOutput<"type-test.triage", "v6"> = "a text";
const anything: PromptOutput<"type-test.other", "v1"> = { label, words };
const variables: PromptVariables<"type-test.other", "v1"> = { anything };
// @ts-expect-error not one of the labels
const wrong: PromptOutput<"type-test.triage", "v7">["label"] = "other";
void [variables, wrong];

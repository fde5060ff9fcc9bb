/** Compiled, not run: what a typed client of the server knows of it. */
import type { HttpClient, HttpOperations, HttpPlaces, OperationName } from "./http.ts";

declare const ask: HttpClient;

const environments: readonly { readonly name: string; readonly live: number }[] = await ask(
  "environment.list",
  {},
);
environments.at(0);

await ask("environment.add", { name: "preview", inherits: "staging" });

// @ts-expect-error: there is no such operation
await ask("environment.rename", {});

// @ts-expect-error: the name is missing
await ask("environment.add", {});

// @ts-expect-error: approvals are a number
await ask("environment.protect", { name: "staging", gate: "always", approvals: "two" });

export const place: HttpPlaces["release.create"] = {
  kind: "call",
  method: "POST",
  path: "/prompts/{key}/releases",
};

export const wrongPlace: HttpPlaces["release.create"] = {
  kind: "call",
  // @ts-expect-error: a release is no GET
  method: "GET",
  path: "/prompts/{key}/releases",
};

export const job: HttpOperations["gate.run"]["kind"] = "job";

// @ts-expect-error: names are known one by one
export const anyName: OperationName = "nothing";

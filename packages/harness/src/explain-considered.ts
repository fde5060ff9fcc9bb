/** Says in words what became of one tier while a version was looked for. */
import type { Considered } from "@colophon/kernel";
import type { Resolution, ResolveContext } from "@colophon/runtime";

interface Around {
  readonly resolution: Resolution;
  readonly context: ResolveContext;
}

/** One clause, without a full stop. */
export function explainConsidered(item: Considered, around: Around): string {
  const version = item.version === undefined ? "the version" : `v${item.version}`;
  const more = item.reason === undefined ? "" : `: ${item.reason}`;
  switch (item.outcome) {
    case "chosen":
      return chosen(item.tier, around.resolution);
    case "not-asked":
      return item.tier === "document"
        ? "the call names neither a document nor a document type"
        : "the call names neither a user nor a tenant";
    case "absent":
      return absent(item, around);
    case "expired":
      return `the override to ${version} has expired`;
    case "withdrawn":
      return `${version} was withdrawn`;
    case "misfit":
      return `${version} does not fit the code${more}`;
    case "unknown-version":
      return `${version} is not known here${more}`;
    case "unknown-environment":
      return `the environment ${around.resolution.environment} is not known`;
    case "not-ready":
      return "no snapshot has come yet";
    case "override-unknown":
      return "the overrides of this subject were not fetched ahead";
  }
}

function chosen(tier: Considered["tier"], { version, environment, reason }: Resolution): string {
  const name = version === null ? "the text in the code" : `v${version}`;
  switch (tier) {
    case "pin":
      return `${name} was asked for by number`;
    case "document":
      return `an override for this document or its type serves ${name}`;
    case "user":
      return `an override for this user or tenant serves ${name}`;
    case "environment":
      return reason === "inherited"
        ? `${name} is live where ${environment} inherits from`
        : `${name} is ${reason} in ${environment}`;
    case "default":
      return "the text that the code declared last is served";
  }
}

function absent(item: Considered, { resolution }: Around): string {
  switch (item.tier) {
    case "pin":
      return item.reason ?? "the pin names another prompt";
    case "document":
      return "no override for this document or its type";
    case "user":
      return "no override for this user or tenant";
    case "environment":
      return `nothing is released in ${resolution.environment}`;
    case "default":
      return `the code of ${resolution.environment} declared no text`;
  }
}

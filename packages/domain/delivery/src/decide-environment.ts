/** Adds environments and protects them. */
import {
  type Actor,
  canonicalJson,
  type EnvironmentData,
  type GateDemand,
  getEnvironment,
  HarnessError,
  hashDocument,
  type RecordDecision,
  type RegistryState,
} from "@colophon/kernel";

interface Policy {
  readonly gate?: GateDemand;
  readonly approvals?: number;
  /** Gate modes that count as evidence; null for the default. */
  readonly modes?: readonly string[] | null;
  /** What reviews are held to, as it is written; null for that of a prompt's last review. */
  readonly reviewPolicy?: object | null;
}

export type EnvironmentCommand = Policy & {
  readonly name: string;
  readonly by: Actor;
} & ({ readonly action: "add"; readonly inherits?: string | null } | { readonly action: "protect" });

export interface EnvironmentDecided {
  readonly environment: EnvironmentData;
  readonly unchanged: boolean;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const GATES: readonly GateDemand[] = ["never", "with-eval-set", "always"];

/**
 * An environment is added once; what it inherits from never changes, since that would put versions
 * live behind the back of the gate.
 *
 * @throws HarnessError `usage` for a bad name or policy, `environment-unknown`.
 */
export function decideEnvironment(
  state: RegistryState,
  command: EnvironmentCommand,
): RecordDecision<EnvironmentDecided> {
  checkPolicy(command);
  const before = state.environments.get(command.name);
  const base =
    command.action === "add" ? addedEnvironment(state, command) : getEnvironment(state, command.name);
  const { reviewPolicy } = command;
  const held =
    reviewPolicy === undefined ? (base.reviewPolicy ?? null) : reviewPolicy && hashDocument(reviewPolicy);
  const data: EnvironmentData = {
    name: base.name,
    inherits: base.inherits,
    gate: command.gate ?? base.gate,
    approvals: command.approvals ?? base.approvals,
    modes: command.modes === undefined ? base.modes : command.modes,
    ...(held === null ? {} : { reviewPolicy: held }),
  };
  if (before !== undefined && sameEnvironment(before, data)) {
    return { drafts: [], result: { environment: data, unchanged: true } };
  }
  return {
    drafts: [{ kind: "environment", by: command.by, data }],
    documents: reviewPolicy == null ? [] : [reviewPolicy],
    result: { environment: data, unchanged: false },
  };
}

function sameEnvironment(a: EnvironmentData, b: EnvironmentData): boolean {
  const facts = ({ name, inherits, gate, approvals, modes, reviewPolicy = null }: EnvironmentData): string =>
    canonicalJson({ name, inherits, gate, approvals, modes, reviewPolicy });
  return facts(a) === facts(b);
}

function checkPolicy({ name, gate, approvals, modes }: EnvironmentCommand): void {
  if (!NAME.test(name)) {
    throw new HarnessError(
      "usage",
      `"${name}" cannot name an environment: use up to 40 small letters, digits and "-", with a letter first.`,
    );
  }
  if (gate !== undefined && !GATES.includes(gate)) {
    throw new HarnessError("usage", `The gate of ${name} cannot be "${gate}": use ${GATES.join(", ")}.`);
  }
  if (approvals !== undefined && !(Number.isInteger(approvals) && approvals >= 0)) {
    throw new HarnessError("usage", `${name} cannot ask for ${approvals} approvals: give 0, 1, 2, ….`);
  }
  if (modes?.length === 0) {
    throw new HarnessError(
      "usage",
      `${name} would accept no gate mode at all: name one, or leave modes out.`,
    );
  }
}

function addedEnvironment(
  state: RegistryState,
  { name, inherits = null }: { readonly name: string; readonly inherits?: string | null },
): EnvironmentData {
  const before = state.environments.get(name);
  if (inherits === name) {
    throw new HarnessError("usage", `${name} cannot inherit from itself: name another environment, or none.`);
  }
  if (inherits !== null) getEnvironment(state, inherits);
  if (before === undefined) return { name, inherits, gate: "never", approvals: 0, modes: null };
  if (before.inherits === inherits) return before;
  throw new HarnessError(
    "usage",
    `${name} is there already and ${
      before.inherits === null ? "inherits from nobody" : `inherits from ${before.inherits}`
    }: add another environment instead of changing that.`,
  );
}

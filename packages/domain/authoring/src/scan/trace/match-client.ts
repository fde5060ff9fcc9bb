/** Tells whether a call is one of a model's client, and how surely. */
import { CALLS_BY_NAME, type NamedCall } from "../clients/catalogue.ts";
import type { ClientCall } from "../clients/client-call.ts";
import type { CallPlace } from "./module-index.ts";
import { packagesOfCall } from "./packages-of.ts";
import { optionAt } from "./read-option.ts";
import { callAt, type Tracer } from "./tracer.ts";

/** By the package that what is called comes from, by an import of the module, or by the name and options alone. */
export type ClientProof = "package" | "import" | "shape";

export interface MatchedClient {
  readonly entry: ClientCall;
  readonly proof: ClientProof;
}

const RANKS: readonly ClientProof[] = ["package", "import", "shape"];

/** The entries that a call may be, the surest alone; several only where they are of the same package. */
export function matchClient(tracer: Tracer, place: CallPlace): readonly MatchedClient[] {
  const { callee } = callAt(tracer, place);
  const named = (CALLS_BY_NAME.get(callee.at(-1) ?? "") ?? []).filter(
    ({ entry, steps }) => endsWith(callee, steps) && isPossible(tracer, entry),
  );
  if (named.length === 0) return [];
  const called = tracer.callees({ ...place, frame: null });
  // A function of the program is followed to the calls inside of it instead.
  if (called.some(({ kind }) => kind === "function" || kind === "class")) return [];
  const packages = packagesOfCall(tracer, place);
  const matched = named.flatMap((each): readonly MatchedClient[] => {
    const proof = proofOf(tracer, place, { named: each, packages });
    return proof === null ? [] : [{ entry: each.entry, proof }];
  });
  const best = RANKS.find((rank) => matched.some(({ proof }) => proof === rank));
  return matched.filter(({ proof }) => proof === best);
}

const possible = new WeakMap<ReadonlySet<string>, Map<ClientCall, boolean>>();

/**
 * Whether a call may be one of the entry's at all. Names such as `run` and `get` are everywhere, and to ask where
 * each of them comes from takes long, so a package that nobody imports is told beforehand.
 */
function isPossible({ index }: Tracer, entry: ClientCall): boolean {
  if (entry.tellingOptions !== undefined) return true;
  const known = possible.get(index.imported) ?? new Map<ClientCall, boolean>();
  possible.set(index.imported, known);
  const before = known.get(entry);
  if (before !== undefined) return before;
  // `from google import genai` is the package `google.genai`.
  const isImported = [...index.imported].some((name) => name === "google" || isOf(entry, name));
  known.set(entry, isImported);
  return isImported;
}

function endsWith(callee: readonly string[], steps: readonly string[]): boolean {
  const start = callee.length - steps.length;
  return start >= 0 && steps.every((step, position) => callee[start + position] === step);
}

function proofOf(
  tracer: Tracer,
  place: CallPlace,
  { named, packages }: { readonly named: NamedCall; readonly packages: ReadonlySet<string> },
): ClientProof | null {
  const { entry } = named;
  const { receiver } = callAt(tracer, place);
  if (
    entry.receiver !== undefined &&
    !receiverNames(tracer, place).some((name) => entry.receiver!.test(name))
  )
    return null;
  if ([...packages].some((name) => isOf(entry, name))) return "package";
  const { imported } = tracer.index.names[place.module]!;
  // What is known to come from elsewhere is not of a package that the module happens to import.
  const isOpen = packages.size === 0 && (receiver !== null || entry.tellingOptions !== undefined);
  if (isOpen && [...imported].some((name) => isOf(entry, name))) return "import";
  const { tellingOptions } = entry;
  if (tellingOptions === undefined || (packages.size > 0 && tellingOptions.length === 0)) return null;
  const tells =
    tellingOptions.length === 0 ||
    tellingOptions.some((name) => optionAt(tracer, { ...place, frame: null }, name) !== null);
  return tells ? "shape" : null;
}

/** What an object is called, and what made it. */
function receiverNames(tracer: Tracer, place: CallPlace): readonly string[] {
  const { callee, receiver } = callAt(tracer, place);
  const made =
    receiver === null
      ? []
      : tracer.expand({ module: place.module, value: receiver, frame: null }).flatMap((entity) => {
          if (entity.kind !== "value" || entity.at.value.kind !== "call") return [];
          const { module, value } = entity.at;
          return callAt(tracer, { module, call: value.call }).callee.at(-1) ?? [];
        });
  return [callee.at(-2) ?? "", ...made];
}

/** `openai` is `openai/helpers` and `openai.types` too; `@langchain/` is whatever begins so. */
function isOf({ packages }: ClientCall, name: string): boolean {
  return packages.some(
    (known) =>
      name === known ||
      (name.startsWith(known) && (known.endsWith("/") || /^[./_]/.test(name.slice(known.length)))),
  );
}

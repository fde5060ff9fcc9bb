/** Registers imported versions in the order of their source, and makes releases of its labels. */
import { pinnedHash, promptSpecValue } from "@colophon/authoring";
import { type Imported, type ImportedVersion, repinVersion } from "@colophon/authoring/convert";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { importEvalSet } from "../../operations/offered-eval-sets.ts";
import { importVersion } from "../../operations/offered-imports.ts";
import { versionLog } from "../../operations/offered-registry.ts";
import type { Refusal, TakenPrompt, TakenSet } from "./import-report.ts";
import { setText, takenOf } from "./write-import.ts";

export interface RegisterImport {
  /** What the source is called, for the log. */
  readonly source: string;
  readonly imported: Imported;
  /** Whether only to say what would be registered. */
  readonly dryRun: boolean;
}

export interface RegisteredImport {
  readonly prompts: readonly TakenPrompt[];
  readonly sets: readonly TakenSet[];
  readonly refused: readonly Refusal[];
}

/** A prompt as far as it is known while versions are added to it. */
interface KnownPrompt {
  /** By the hash of its text. */
  readonly byHash: Map<string, number>;
  /** Whether it was there before, so that its facts stay as they are. */
  readonly wasThere: boolean;
  /** A version that no import has made. */
  readonly foreign: { readonly version: number; readonly source: string } | undefined;
  newest: number;
}

export async function registerImport(house: House, request: RegisterImport): Promise<RegisteredImport> {
  const registration = new Registration(house, request);
  const refused: Refusal[] = [];
  const prompts: TakenPrompt[] = [];
  for (const version of request.imported.versions) {
    const taken = await orRefusal(version.from, () => registration.take(version));
    if ("reason" in taken) refused.push(taken);
    else prompts.push(taken);
  }
  const sets: TakenSet[] = [];
  for (const set of request.imported.sets) {
    const taken = await orRefusal(set.from, () => registerSet(house, { set, dryRun: request.dryRun }));
    if ("reason" in taken) refused.push(taken);
    else sets.push(taken);
  }
  return { prompts, sets, refused };
}

/** What the registry refuses of one prompt is no reason to leave the others. */
export async function orRefusal<T extends object>(
  from: string,
  work: () => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || code.startsWith("store-") || code.startsWith("not-")) throw error;
    return { from, reason: (error as Error).message };
  }
}

class Registration {
  readonly #house: House;
  readonly #request: RegisterImport;
  readonly #prompts = new Map<string, KnownPrompt>();
  /** Numbers in the registry, by key and number in the source. */
  readonly #numbers = new Map<string, number>();
  /** Hashes of versions that others pin, by `key@vN`. */
  readonly #pins = new Map<string, string>();

  constructor(house: House, request: RegisterImport) {
    this.#house = house;
    this.#request = request;
  }

  async take(version: ImportedVersion): Promise<TakenPrompt> {
    const { key } = version.spec;
    const known = await this.#known(key);
    const spec = repinVersion(version.spec, (name, number) => this.#numbers.get(`${name}@${number}`));
    const hash = pinnedHash(spec.text, this.#pins);
    const there = hash === null ? undefined : known.byHash.get(hash);
    if (there === undefined && known.foreign !== undefined) throw foreignVersion(key, known.foreign);
    let number = there ?? known.newest + 1;
    if (there === undefined && !this.#request.dryRun) {
      const facts = known.wasThere ? {} : spec.metadata;
      const registered = await importVersion(this.#house, {
        value: promptSpecValue({ ...spec, metadata: facts }),
        file: version.from,
        message: messageOf(version, this.#request.source),
        author: version.author,
      });
      number = registered.version;
    }
    known.newest = Math.max(known.newest, number);
    if (hash !== null) {
      known.byHash.set(hash, number);
      this.#pins.set(`${key}@v${number}`, hash);
    }
    if (version.number !== null) this.#numbers.set(`${key}@${version.number}`, number);
    const created = there === undefined;
    return {
      ...takenOf(version),
      file: null,
      version: created && this.#request.dryRun ? null : number,
      created,
    };
  }

  async #known(key: string): Promise<KnownPrompt> {
    const before = this.#prompts.get(key);
    if (before !== undefined) return before;
    const log = await logOf(this.#house, key);
    const known: KnownPrompt = {
      byHash: new Map(log.map(({ hash, version }) => [hash, version])),
      wasThere: log.length > 0,
      foreign: log.find(({ source }) => source !== "import"),
      newest: Math.max(0, ...log.map(({ version }) => version)),
    };
    for (const { hash, version } of log) this.#pins.set(`${key}@v${version}`, hash);
    this.#prompts.set(key, known);
    return known;
  }
}

async function logOf(house: House, key: string): Promise<Awaited<ReturnType<typeof versionLog>>> {
  try {
    return await versionLog(house, key);
  } catch (error) {
    if (errorCodeOf(error) === "key-unknown") return [];
    throw error;
  }
}

function foreignVersion(
  key: string,
  { version, source }: { readonly version: number; readonly source: string },
): HarnessError {
  return new HarnessError(
    "usage",
    `${key} is in the registry with versions of another origin (v${version} came from ${source}) and without this text; import into files with --dir, and compare them with \`colophon show ${key}\`.`,
  );
}

const LONGEST_MESSAGE = 1_000;

function messageOf({ message, from, at }: ImportedVersion, source: string): string {
  const origin = `${source}, ${from}${at === null ? "" : `, ${at}`}`;
  return message === null ? `Imported from ${origin}` : `${message.slice(0, LONGEST_MESSAGE)} (${origin})`;
}

async function registerSet(
  house: House,
  { set, dryRun }: { readonly set: Imported["sets"][number]; readonly dryRun: boolean },
): Promise<TakenSet> {
  const { from, name, cases } = set;
  const taken = { from, name, cases: cases.length, file: null };
  if (dryRun) return { ...taken, version: null, created: true };
  const file = { file: from, format: "yaml", text: setText(set) } as const;
  const { version, created } = await importEvalSet(house, { file, name });
  return { ...taken, version, created };
}

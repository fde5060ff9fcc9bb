/** Versions that a snapshot lacks and somebody asked for by number: fetched from the server, and kept through its changes. */
import {
  type RandomSource,
  type SnapshotChange,
  type SnapshotVersion,
  type VersionText,
  Waiting,
  type WantedWait,
} from "@colophon/kernel";
import { backoff } from "./backoff.ts";
import type { MirroredDocument } from "./mirrored-document.ts";
import type { RemotePace } from "./remote-pace.ts";
import { refusalDetails, refusedFor, type ServerCalls } from "./server-calls.ts";

export interface WantedVersionsParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly random: RandomSource;
  readonly pace: RemotePace;
  /** Told when versions of these prompts came. */
  readonly found: (keys: readonly string[]) => void;
  /** Versions that are remembered without having come; 10,000 unless given. */
  readonly mostMissing?: number;
}

interface Found {
  readonly version: SnapshotVersion;
  readonly text: VersionText;
  readonly risk: SnapshotChange["prompts"][string]["risk"];
}

/** What is asked for, as of `SnapshotSource.want`. */
interface Asked {
  readonly key: string;
  readonly version: number;
  readonly isPassing: boolean;
}

interface Wanted {
  readonly key: string;
  readonly version: number;
  isPassing: boolean;
  /** Undefined until the server, or a snapshot on disk, had it. */
  found: Found | undefined;
  /** On this process's own clock, when the server last said anything of it; undefined while it has not. */
  answeredAt: number | undefined;
}

const LONGEST_KEY = 200;
/** Versions of one question. */
const MOST_ASKED = 100;
/** Milliseconds for which a version counts as one that nobody has, however often it is asked for. */
const ABSENT_MS = 1_000;
/** Versions that have not come, as pins from clients may name any number of them; the oldest are forgotten. */
const MOST_MISSING = 10_000;

export class WantedVersions {
  readonly #parts: WantedVersionsParts;
  /** By key, then number. */
  readonly #wanted = new Map<string, Map<number, Wanted>>();
  /** Those that have not come, the one that was asked for longest ago at the front. */
  readonly #missing = new Set<Wanted>();
  /** To be asked for. */
  readonly #pending = new Set<Wanted>();
  /** Asked for just now. */
  #asked: readonly Wanted[] = [];
  readonly #waiting = new Waiting();
  #failures = 0;
  /** Failures since the beginning. */
  #failed = 0;
  /** Until then the server has asked to be left alone. */
  #restUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: WantedVersionsParts) {
    this.#parts = parts;
  }

  /** @param held what is served now, which may have the version from another time. */
  add({ key, version, isPassing }: Asked, held: MirroredDocument | undefined): void {
    // Pins may come from clients; a server would refuse the others along with one that cannot be.
    if (key === "" || key.length > LONGEST_KEY) return;
    const versions = this.#wanted.get(key) ?? new Map<number, Wanted>();
    this.#wanted.set(key, versions);
    const known = versions.get(version);
    if (known === undefined) {
      const found = held && foundIn(held.document, key, version);
      const wanted = { key, version, isPassing, found, answeredAt: undefined };
      versions.set(version, wanted);
      this.#askFor(wanted);
      if (found === undefined) this.#miss(wanted);
      return;
    }
    known.isPassing &&= isPassing;
    if (known.found !== undefined) return;
    this.#miss(known);
    if (known.answeredAt === undefined) return;
    if (performance.now() - known.answeredAt >= ABSENT_MS) this.#askFor(known);
  }

  /** Whether the server has not said yet that it has this version, or that it has not. */
  isComing(key: string, version: number): boolean {
    const wanted = this.#wanted.get(key)?.get(version);
    return wanted !== undefined && isOpen(wanted);
  }

  /** As `SnapshotSource.waitForWanted`; what a snapshot on disk had is not waited for with patience. */
  async wait({ timeoutMs, patient, pins }: WantedWait): Promise<readonly string[]> {
    this.ask();
    const failed = this.#failed;
    // Many may wait, and much may be wanted: those who name pins look at these alone.
    const named = pins && [...pins].flatMap((pin) => this.#find(pin) ?? []);
    const meant = (): readonly Wanted[] => named ?? [...this.#missing].filter(({ isPassing }) => !isPassing);
    const isUnderWay = (wanted: Wanted): boolean => this.#pending.has(wanted) || this.#asked.includes(wanted);
    const isOver = (): boolean =>
      this.#closed ||
      (patient
        ? !meant().some(isOpen)
        : !meant().some(isUnderWay) || this.#failed > failed || this.#isResting);
    await this.#waiting.until(isOver, timeoutMs);
    return meant().filter(isOpen).map(pinOf);
  }

  /**
   * Puts the versions that came into the document, where it lacks them.
   *
   * @returns their texts, by hash.
   */
  addTo(held: MirroredDocument, changed?: readonly string[]): Readonly<Record<string, VersionText>> {
    const added: Record<string, VersionText> = {};
    for (const key of changed ?? this.#wanted.keys()) {
      const texts = this.#addPrompt(held, key);
      Object.assign(added, texts);
    }
    return added;
  }

  /** Asks for what is still missing. */
  ask(): void {
    if (this.#pending.size === 0 || this.#asked.length > 0 || this.#closed) return;
    if (this.#isResting) {
      this.#later(this.#restUntil - performance.now());
      return;
    }
    clearTimeout(this.#timer);
    this.#asked = [...this.#pending].slice(0, MOST_ASKED);
    for (const wanted of this.#asked) this.#pending.delete(wanted);
    void this.#askNow(this.#asked).finally(() => {
      this.#asked = [];
      if (this.#failures === 0) this.ask();
      this.#waiting.tell();
    });
  }

  /** Asks again for the wanted versions of prompts that changed, or of all: they may be withdrawn. */
  recheck(keys: Iterable<string> = [...this.#wanted.keys()]): void {
    for (const key of keys) {
      for (const wanted of this.#wanted.get(key)?.values() ?? []) this.#askFor(wanted);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting.tell();
  }

  get #isResting(): boolean {
    return performance.now() < this.#restUntil;
  }

  #find(pin: string): Wanted | undefined {
    const at = pin.lastIndexOf("@v");
    return this.#wanted.get(pin.slice(0, at))?.get(Number(pin.slice(at + 2)));
  }

  /** The newest of those that have not come; what the code needs is forgotten last. */
  #miss(wanted: Wanted): void {
    const missing = this.#missing;
    missing.delete(wanted);
    missing.add(wanted);
    while (missing.size > (this.#parts.mostMissing ?? MOST_MISSING)) {
      const oldest = oldestOf(missing) ?? wanted;
      missing.delete(oldest);
      if (oldest.found === undefined) this.#forget(oldest);
    }
  }

  #forget(wanted: Wanted): void {
    this.#pending.delete(wanted);
    const versions = this.#wanted.get(wanted.key);
    versions?.delete(wanted.version);
    if (versions?.size === 0) this.#wanted.delete(wanted.key);
  }

  #askFor(wanted: Wanted): void {
    this.#pending.add(wanted);
    this.#later(0);
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(), ms);
    this.#timer.unref();
  }

  async #askNow(asked: readonly Wanted[]): Promise<void> {
    const { calls, environment, found, pace, random } = this.#parts;
    const versions = asked.map(({ key, version }) => ({ key, version }));
    try {
      const { text } = await calls.call({
        method: "POST",
        path: "/versions/find",
        body: { environment, versions },
      });
      const answer = calls.read(text) as SnapshotChange;
      for (const wanted of asked) this.#keep(wanted, answer);
      this.#failures = 0;
      if (!this.#closed) found([...new Set(versions.map(({ key }) => key))]);
    } catch (error) {
      const status = refusalDetails(error)?.status ?? 0;
      // What the server does not understand it will not understand later either.
      if (status === 400 || status === 404) {
        this.#failures = 0;
        for (const wanted of asked) this.#keep(wanted, NOTHING);
        return;
      }
      this.#failures += 1;
      this.#failed += 1;
      for (const wanted of asked) this.#pending.add(wanted);
      this.#restUntil = performance.now() + refusedFor(error);
      this.#later(Math.max(refusedFor(error), backoff(this.#failures, pace.look, random)));
    }
  }

  #keep(wanted: Wanted, answer: Pick<SnapshotChange, "prompts" | "texts">): void {
    wanted.answeredAt = performance.now();
    wanted.found = foundIn(answer, wanted.key, wanted.version) ?? wanted.found;
    if (wanted.found !== undefined) this.#missing.delete(wanted);
  }

  #addPrompt(held: MirroredDocument, key: string): Readonly<Record<string, VersionText>> {
    const found = [...(this.#wanted.get(key)?.values() ?? [])].flatMap((wanted) => {
      // What the disk had is kept until the server says otherwise, also where its snapshot lacks it.
      wanted.found ??= foundIn(held.document, key, wanted.version);
      return wanted.found === undefined ? [] : [{ number: wanted.version, ...wanted.found }];
    });
    const [first] = found;
    if (first === undefined) return {};
    const prompt = held.prompt(key) ?? { risk: first.risk, versions: {}, releases: {}, overrides: [] };
    const versions: Record<number, SnapshotVersion> = { ...prompt.versions };
    for (const { number, version } of found) {
      // Of the two either may be the newer word; what was withdrawn once stays so.
      const withdrawn = version.withdrawn || versions[number]?.withdrawn === true;
      versions[number] = { hash: version.hash, withdrawn };
    }
    const texts = Object.fromEntries(found.map(({ version, text }) => [version.hash, text]));
    held.put(key, { ...prompt, versions }, texts);
    return texts;
  }
}

function pinOf({ key, version }: Wanted): string {
  return `${key}@v${version}`;
}

/** The oldest that no code needs, else the oldest. */
function oldestOf(missing: Iterable<Wanted>): Wanted | undefined {
  let first: Wanted | undefined;
  for (const wanted of missing) {
    if (wanted.isPassing) return wanted;
    first ??= wanted;
  }
  return first;
}

const NOTHING = { prompts: {}, texts: {} };

function isOpen({ found, answeredAt }: Wanted): boolean {
  return found === undefined && answeredAt === undefined;
}

function foundIn(
  { prompts, texts }: Pick<SnapshotChange, "prompts" | "texts">,
  key: string,
  version: number,
): Found | undefined {
  const prompt = Object.hasOwn(prompts, key) ? prompts[key] : undefined;
  const known = prompt?.versions[version];
  const text = known && texts[known.hash];
  if (prompt === undefined || known === undefined || text === undefined) return undefined;
  return { version: known, text, risk: prompt.risk };
}

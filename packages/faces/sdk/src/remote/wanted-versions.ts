/** Versions that a snapshot lacks and somebody asked for by number: fetched from the server, and kept through its changes. */
import type { RandomSource, SnapshotChange, SnapshotVersion, VersionText } from "@colophon/kernel";
import { backoff } from "./backoff.ts";
import type { MirroredDocument } from "./mirrored-document.ts";
import type { RemotePace } from "./remote-pace.ts";
import { refusalDetails, type ServerCalls } from "./server-calls.ts";

export interface WantedVersionsParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly random: RandomSource;
  readonly pace: RemotePace;
  /** Told when versions of these prompts came. */
  readonly found: (keys: readonly string[]) => void;
}

interface Found {
  readonly version: SnapshotVersion;
  readonly text: VersionText;
  readonly risk: SnapshotChange["prompts"][string]["risk"];
}

const LONGEST_KEY = 200;
/** Versions of one question. */
const MOST_ASKED = 100;

export class WantedVersions {
  readonly #parts: WantedVersionsParts;
  /** By key, then number; null until the server said it. */
  readonly #wanted = new Map<string, Map<number, Found | null>>();
  readonly #pending = new Map<string, { readonly key: string; readonly version: number }>();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #closed = false;

  constructor(parts: WantedVersionsParts) {
    this.#parts = parts;
  }

  add(key: string, version: number): void {
    const versions = this.#wanted.get(key) ?? new Map<number, Found | null>();
    this.#wanted.set(key, versions);
    // Pins may come from clients; a server would refuse the others along with one that cannot be.
    if (versions.has(version) || key === "" || key.length > LONGEST_KEY) return;
    versions.set(version, null);
    this.#askFor(key, version);
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
    if (this.#pending.size === 0 || this.#isAsking || this.#closed) return;
    clearTimeout(this.#timer);
    this.#isAsking = true;
    void this.#askNow().finally(() => {
      this.#isAsking = false;
      if (this.#failures === 0) this.ask();
    });
  }

  /** Asks again for the wanted versions of prompts that changed, or of all: they may be withdrawn. */
  recheck(keys: Iterable<string> = [...this.#wanted.keys()]): void {
    for (const key of keys) {
      for (const version of this.#wanted.get(key)?.keys() ?? []) this.#askFor(key, version);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #askFor(key: string, version: number): void {
    this.#pending.set(`${key}@v${version}`, { key, version });
    this.#later(0);
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(), ms);
    this.#timer.unref();
  }

  async #askNow(): Promise<void> {
    const { calls, environment, found, pace, random } = this.#parts;
    const asked = [...this.#pending].slice(0, MOST_ASKED);
    const versions = asked.map(([, one]) => one);
    for (const [name] of asked) this.#pending.delete(name);
    try {
      const { text } = await calls.call({
        method: "POST",
        path: "/versions/find",
        body: { environment, versions },
      });
      this.#failures = 0;
      const answer = calls.read(text) as SnapshotChange;
      for (const { key, version } of versions) this.#keep(answer, key, version);
      if (!this.#closed) found([...new Set(versions.map(({ key }) => key))]);
    } catch (error) {
      const status = refusalDetails(error)?.status ?? 0;
      // What the server does not understand it will not understand later either.
      if (status === 400 || status === 404) return;
      this.#failures += 1;
      for (const [name, one] of asked) this.#pending.set(name, one);
      this.#later(backoff(this.#failures, pace.look, random));
    }
  }

  #keep(answer: SnapshotChange, key: string, version: number): void {
    const prompt = answer.prompts[key];
    const known = prompt?.versions[version];
    const text = known && answer.texts[known.hash];
    if (prompt === undefined || known === undefined || text === undefined) return;
    this.#wanted.get(key)?.set(version, { version: known, text, risk: prompt.risk });
  }

  #addPrompt(held: MirroredDocument, key: string): Readonly<Record<string, VersionText>> {
    const found = [...(this.#wanted.get(key) ?? [])].flatMap(([number, one]) =>
      one === null ? [] : [{ number, ...one }],
    );
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

/** Gives the names of another tool's prompts as keys: what a key cannot hold is replaced, and each key is one prompt's. */
import { promptKeyProblem } from "../prompt-key.ts";
import type { Remarks } from "./imported.ts";

const LONGEST = 200;
/** What room is kept for a number that makes a key unique. */
const ROOM = 8;

export class ImportKeys {
  readonly #keys = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #remarks: Remarks;

  /** @param names in the source; those that are keys already stay theirs, whatever the others come to. */
  constructor(names: Iterable<string>, remarks: Remarks) {
    this.#remarks = remarks;
    const all = [...new Set(names)];
    for (const name of all.filter((one) => promptKeyProblem(one) === undefined)) this.#take(name, name);
    for (const name of all.filter((one) => !this.#keys.has(one)))
      this.#take(name, this.#free(plainKey(name)));
  }

  /** The same for the same name. */
  of(name: string): string {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    return this.#take(name, this.#free(plainKey(name)));
  }

  #free(wanted: string): string {
    let key = wanted;
    for (let count = 2; this.#taken.has(key); count++) key = `${wanted}-${count}`;
    return key;
  }

  #take(name: string, key: string): string {
    this.#keys.set(name, key);
    this.#taken.add(key);
    if (key !== name) {
      this.#remarks.changed(name, `its name is no key here, so it is called ${key}.`);
    }
    return key;
  }
}

function plainKey(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._/-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|[-/]+$/g, "");
  return plain === "" ? "prompt" : plain.slice(0, LONGEST - ROOM);
}

/** A folder with a store of its own, a clock that stands still, and the command line inside this process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Harness, openHarness } from "@colophon/harness";
import { type FixedClock, fixedClock } from "@colophon/testkit";
import { type Output, runCli } from "./index.ts";

export const MAIN = join(dirname(fileURLToPath(import.meta.url)), "main.ts");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The one JSON document on stdout. */
  json<T = Record<string, unknown>>(): T;
  /** JSON Lines on stdout. */
  rows<T = Record<string, unknown>>(): readonly T[];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
}

export interface CliWorld {
  readonly folder: string;
  readonly clock: FixedClock;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  write(name: string, content: string | object): string;
  /** The store itself, for what no command does. */
  open(): Promise<Harness>;
  close(): void;
}

export function openWorld(): CliWorld {
  const folder = mkdtempSync(join(tmpdir(), "colophon-cli-"));
  const clock = fixedClock();
  return {
    folder,
    clock,
    async run(args, options = {}) {
      const out = new Written();
      const err = new Written();
      const code = await runCli(args, {
        stdout: out,
        stderr: err,
        stdin: inputOf(options.input ?? ""),
        env: { USER: "grace", ...options.env },
        cwd: folder,
        clock,
        signal: options.signal,
      });
      return ranWith(code, { out: out.text, err: err.text });
    },
    write(name, content) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
      return file;
    },
    open: () => openHarness({ cwd: folder, mode: "write", actor: { id: "grace", via: "cli" }, clock }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Keeps what is written. */
export class Written implements Output {
  text = "";

  write(text: string): void {
    this.text += text;
  }
}

async function* inputOf(text: string): AsyncGenerator<string> {
  yield text;
}

export function ranWith(code: number, { out, err }: { readonly out: string; readonly err: string }): Ran {
  return {
    code,
    out,
    err,
    json<T>() {
      return JSON.parse(out) as T;
    },
    rows<T>() {
      return out.trim() === ""
        ? []
        : out
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as T);
    },
  };
}

export const KEY = "support.triage";

export const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

export function promptFile(body = "Is this billing, bug or other?\n{{ticket}}", more: object = {}): object {
  return { key: KEY, owner: "support", model: "gpt-5-mini", input: INPUT, body, ...more };
}

/** Registers two versions and releases the first to production. */
export async function fillWorld(world: CliWorld): Promise<void> {
  world.write("one.json", promptFile());
  world.write("two.json", promptFile("Sort this: {{ticket}}"));
  for (const args of [
    ["register", "one.json"],
    ["register", "two.json"],
    ["release", `${KEY}@v1`, "--env", "production", "--reason", "first"],
  ]) {
    const { code, err } = await world.run(args);
    if (code !== 0) throw new Error(err);
  }
}

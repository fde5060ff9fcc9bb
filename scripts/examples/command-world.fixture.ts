/** An empty folder in which the command line runs, on a clock that stands at 14:32. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCli } from "@colophon/cli";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { aDeclarationDraft, aText, fixedClock } from "@colophon/testkit";

export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandWorld {
  write(name: string, content: string): void;
  /** As an application that was started in production would. */
  declare(application: string, key: string): Promise<void>;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandRun>;
  remove(): void;
}

export function openCommandWorld(): CommandWorld {
  const folder = mkdtempSync(join(tmpdir(), "colophon-commands-"));
  const clock = fixedClock();
  return {
    write(name, content) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    },
    async declare(application, key) {
      const store = join(folder, ".colophon");
      const core = openSqliteCore({ file: join(store, "store.db"), mode: "create", clock });
      const text = aText();
      const draft = aDeclarationDraft(text, { key, application });
      await createSqliteRecordStore(core).append(() => ({ drafts: [draft], texts: [text], result: null }));
      core.close();
    },
    async run(args, env = {}) {
      let out = "";
      let err = "";
      const code = await runCli(args, {
        stdout: {
          write: (text) => {
            out += text;
          },
        },
        stderr: {
          write: (text) => {
            err += text;
          },
        },
        stdin: nothing(),
        env: { USER: "grace", ...env },
        cwd: folder,
        clock,
      });
      return { code, out, err };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function* nothing(): AsyncGenerator<string> {}

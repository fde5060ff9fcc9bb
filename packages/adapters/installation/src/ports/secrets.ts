/** Secrets of projects, such as the keys of model providers: encrypted at rest, never given back to people. */
import { HarnessError, type Secrets } from "@colophon/kernel";
import { ask, askFirst, type Work } from "../database/work.ts";
import type { PortParts } from "./port-parts.ts";
import { deriveKey, markOf, openSecret, sealSecret } from "./seal-secret.ts";

const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,99}$/;
const LONGEST_VALUE = 10_000;

/** @throws HarnessError `usage` for a master key that is too short. */
export function createSecrets(
  { database, clock, random }: PortParts,
  { masterKey }: { readonly masterKey: string | null },
): Secrets {
  const { builder, place } = database;
  const key = masterKey === null ? null : deriveKey(masterKey, "secrets");

  /** The key, once it is known to be the one that everything was sealed under. */
  function* rightKey(): Work<Buffer> {
    if (key === null) {
      throw new HarnessError(
        "usage",
        `The installation ${place} keeps secrets under a master key; set COLOPHON_SECRET to it.`,
      );
    }
    const known = yield* askFirst(builder.selectFrom("master_key").select("mark"));
    if (known !== undefined && known.mark !== markOf(key)) {
      throw new HarnessError(
        "usage",
        `The secrets of the installation ${place} were sealed under another master key; set COLOPHON_SECRET to that one.`,
      );
    }
    return key;
  }

  return {
    async set({ project, name, value, by }) {
      checkSecret(name, value);
      await database.write(function* (): Work<void> {
        const sealing = yield* rightKey();
        yield builder
          .insertInto("master_key")
          .values({ one: 1, mark: markOf(sealing) })
          .onConflict((conflict) => conflict.doNothing())
          .compile();
        // Asked again: another server may have been the first meanwhile, under another key.
        yield* rightKey();
        const row = {
          set_at: clock.now(),
          set_by: by,
          sealed: sealSecret(sealing, { project, name, value }, random),
        };
        yield builder
          .insertInto("secret")
          .values({ project, name, ...row })
          .onConflict((conflict) => conflict.columns(["project", "name"]).doUpdateSet(row))
          .compile();
      });
    },
    async remove(project, name) {
      const gone = builder
        .deleteFrom("secret")
        .where("project", "=", project)
        .where("name", "=", name)
        .returning("name");
      return (await database.write(() => ask(gone))).length > 0;
    },
    async list(project) {
      const rows = builder
        .selectFrom("secret")
        .select(["project", "name", "set_at as setAt", "set_by as setBy"])
        .where("project", "=", project)
        .orderBy("name");
      return database.read(() => ask(rows));
    },
    readAll: (project) =>
      database.read(function* (): Work<ReadonlyMap<string, string>> {
        const sealing = yield* rightKey();
        const rows = yield* ask(
          builder.selectFrom("secret").selectAll().where("project", "=", project).orderBy("name"),
        );
        return new Map(rows.map((row) => [row.name, openSecret(sealing, row)]));
      }),
  };
}

function checkSecret(name: string, value: string): void {
  if (!SECRET_NAME.test(name)) {
    throw new HarnessError(
      "usage",
      `"${name}" cannot be a secret's name; give the variable that it stands for, such as OPENAI_API_KEY.`,
    );
  }
  if (value === "" || value.length > LONGEST_VALUE) {
    throw new HarnessError("usage", `The value of ${name} has to have 1 to ${LONGEST_VALUE} characters.`);
  }
}

/** An installation beside a store: its projects, its master key, and what it reads as before it is there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { anActor, fixedClock } from "@colophon/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { addEnvironment, findEnvironments, listPrompts, registerPrompt } from "../index.ts";
import { promptFile } from "../opened-house.fixture.ts";
import { type InstallationOptions, openInstallation } from "./open-installation.ts";
import { createProject } from "./projects.ts";

const server = usePostgres();
const letGo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of letGo.splice(0).toReversed()) await one();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "colophon-desk-"));
  letGo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(options: Partial<InstallationOptions> & { readonly cwd: string }) {
  const desk = await openInstallation({ mode: "write", actor: anActor(), clock: fixedClock(), ...options });
  letGo.push(() => desk.close());
  return desk;
}

async function postgresStore(): Promise<string> {
  const database = await server().takeDatabase();
  letGo.push(async () => {
    for (const schema of ["colophon_installation", "colophon_shop_2"]) {
      await server().run(database, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    }
    await server().giveBack(database);
  });
  return server().url(database);
}

const STORES = [
  ["SQLite", async () => undefined],
  ["PostgreSQL", postgresStore],
] as const;

describe.each(STORES)("an installation on %s", (_, takeStore) => {
  test("has a store for each project, of which none sees the other's prompts", async () => {
    const store = await takeStore();
    const cwd = newFolder();
    const desk = await open({ store, cwd, masterKey: "a master key of tests, long enough" });
    await createProject(desk, { id: "shop-2" });
    const [main, shop] = [await desk.project("main"), await desk.project("shop-2")];
    expect(await desk.project("shop-2")).toBe(shop);
    await registerPrompt(main, { value: promptFile("one"), file: "triage.yaml" });
    await addEnvironment(shop, { name: "preview", inherits: null });
    expect(await listPrompts(main)).toHaveLength(1);
    expect(await listPrompts(shop)).toEqual([]);
    expect((await findEnvironments(main)).map(({ name }) => name)).not.toContain("preview");
    expect(main.folder).not.toBe(shop.folder);
    await expect(desk.project("unheard-of")).rejects.toMatchObject({ code: "project-unknown" });
    await expect(desk.project("../main")).rejects.toMatchObject({ code: "project-unknown" });
  });

  test("counts the people of a project, and knows nothing while nobody has a role", async () => {
    const store = await takeStore();
    const desk = await open({ store, cwd: newFolder(), masterKey: "a master key of tests, long enough" });
    const { members } = await desk.project("main");
    expect(await members?.()).toBeNull();
    const { people } = desk.installation;
    for (const [name, project] of [
      ["ada", "main"],
      ["bob", null],
    ] as const) {
      const person = await desk.signIn.register({
        email: `${name}@example.com`,
        name,
        password: "correct horse battery",
      });
      await people.grant({ person: person.id, project, environment: null, role: "reviewer" });
      if (name === "ada") expect(await members?.()).toBe(1);
    }
    expect(await members?.()).toBe(2);
  });

  test("that is not there yet reads as one where nobody has done anything, and is not made by reading", async () => {
    const store = await takeStore();
    const cwd = newFolder();
    for (let at = 0; at < 2; at++) {
      const desk = await open({ store, cwd, mode: "read" });
      expect(await desk.installation.projects.list()).toMatchObject([{ id: "main" }]);
      expect(await desk.installation.audit.verify()).toEqual({ entries: 0, broken: [] });
    }
    expect(existsSync(join(cwd, ".colophon"))).toBe(false);
  });
});

describe("an embedded installation", () => {
  test("makes a master key of its own once, for its owner alone", async () => {
    const cwd = newFolder();
    const file = join(cwd, ".colophon", "secret");
    const first = await open({ cwd });
    const key = readFileSync(file, "utf8");
    expect(key.trim()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cwd, ".colophon", ".gitignore"), "utf8")).toBe("*\n");
    await first.installation.secrets.set({ project: "main", name: "OPENAI_API_KEY", value: "sk", by: "ada" });
    const second = await open({ cwd, mode: "read" });
    expect(readFileSync(file, "utf8")).toBe(key);
    expect([...(await second.installation.secrets.readAll("main"))]).toEqual([["OPENAI_API_KEY", "sk"]]);
    const named = await open({ cwd, masterKey: "another master key, as long as it must be" });
    await expect(named.installation.secrets.readAll("main")).rejects.toThrow(/another master key/);
  });

  test("stands beside its own store, where several stores lie in one folder", async () => {
    const cwd = newFolder();
    const one = await open({ cwd, store: join(cwd, "one.db") });
    await createProject(one, { id: "shop" });
    const other = await open({ cwd, store: join(cwd, "other.db") });
    expect(await other.installation.projects.list()).toHaveLength(1);
    expect(existsSync(join(cwd, "one.db.projects", "shop", "store.db"))).toBe(true);
  });
});

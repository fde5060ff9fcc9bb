/** What keys and secrets of every Installation keep to. */
import type { ApiKey, KeyRequest } from "@colophon/kernel";
import { expect, test } from "vitest";
import { type OpenFresh, refused } from "./opened-installation.ts";

const DAY_MS = 86_400_000;

function aKey(fields: Partial<KeyRequest> = {}): KeyRequest & { readonly by: string } {
  return {
    ...{ name: "shop", project: "main", environments: null, scopes: ["resolve", "record"], expires: null },
    ...{ by: "ada" },
    ...fields,
  };
}

export function keyTests(open: OpenFresh): void {
  test("shows a key's secret once, and knows the key by it", async () => {
    const { installation, clock, again } = await open();
    const { keys } = installation;
    const { key, secret } = await keys.create(
      aKey({ environments: ["production"], expires: clock.now() + DAY_MS }),
    );
    expect(secret).toMatch(/^clp_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    const kept: ApiKey = {
      ...{ id: key.id, name: "shop", project: "main", environments: ["production"] },
      ...{
        scopes: ["resolve", "record"],
        createdBy: "ada",
        createdAt: clock.now(),
        expires: clock.now() + DAY_MS,
      },
      ...{ revokedAt: null, lastUsedAt: null, rotates: null },
    };
    expect(key).toEqual(kept);
    expect(await keys.verify(secret)).toMatchObject({ id: key.id });
    expect(await (await again()).installation.keys.verify(secret)).toMatchObject({ id: key.id });
    expect(await keys.list("main")).toEqual([{ ...kept, lastUsedAt: clock.now() }]);
    expect(await keys.list(null)).toEqual([]);
    expect(JSON.stringify(await keys.find(key.id))).not.toContain(secret.slice(-43));
    clock.advance(DAY_MS);
    expect(await keys.verify(secret)).toBeUndefined();
  });

  test("knows nothing that is not exactly a secret", async () => {
    const { keys } = (await open()).installation;
    const { secret } = await keys.create(aKey());
    const other = await keys.create(aKey());
    const mixed = `${secret.slice(0, 21)}${other.secret.slice(21)}`;
    const last = secret.at(-1) === "A" ? "B" : "A";
    for (const wrong of [
      "",
      "clp_",
      mixed,
      `${secret}x`,
      `${secret.slice(0, -1)}${last}`,
      ` ${secret}`,
      secret.toUpperCase(),
    ]) {
      expect(await keys.verify(wrong)).toBeUndefined();
    }
    expect(await keys.verify(secret)).toBeDefined();
    expect(await keys.verify(mixed)).toBeUndefined();
  });

  test("a revocation is heard at once where it was said, and by other processes within five seconds", async () => {
    const { installation, clock, again } = await open();
    const other = (await again()).installation.keys;
    const { keys } = installation;
    const { key, secret } = await keys.create(aKey());
    expect(await other.verify(secret)).toBeDefined();
    expect(await keys.verify(secret)).toBeDefined();
    expect(await keys.revoke(key.id)).toBe(true);
    expect(await keys.revoke(key.id)).toBe(false);
    expect(await keys.revoke("key-unheard-of")).toBe(false);
    expect(await keys.verify(secret)).toBeUndefined();
    clock.advance(5_000);
    expect(await other.verify(secret)).toBeUndefined();
    expect(await keys.find(key.id)).toMatchObject({ revokedAt: clock.now() - 5_000 });
  });

  test("rotates without a gap: the old key goes on until its grace is over", async () => {
    const { installation, clock, again } = await open();
    const { keys } = installation;
    const old = await keys.create(aKey({ environments: ["staging"] }));
    clock.advance(1);
    const fresh = await keys.rotate(old.key.id, { by: "bob", graceMs: DAY_MS });
    expect(fresh.key).toMatchObject({
      name: "shop",
      environments: ["staging"],
      createdBy: "bob",
      rotates: old.key.id,
    });
    expect(fresh.secret).not.toBe(old.secret);
    clock.advance(DAY_MS - 1);
    expect(await keys.verify(old.secret)).toMatchObject({ id: old.key.id });
    clock.advance(1);
    expect(await keys.verify(old.secret)).toBeUndefined();
    expect(await (await again()).installation.keys.verify(fresh.secret)).toMatchObject({ id: fresh.key.id });
    await expect(keys.rotate(old.key.id, { by: "bob", graceMs: 0 })).rejects.toEqual(
      refused("usage", /no open key/),
    );
  });

  test("writes down when a key was last used, once a minute", async () => {
    const { installation, clock } = await open();
    const { keys } = installation;
    const { key, secret } = await keys.create(aKey());
    const first = clock.now();
    await keys.verify(secret);
    clock.advance(59_999);
    await keys.verify(secret);
    expect(await keys.find(key.id)).toMatchObject({ lastUsedAt: first });
    clock.advance(4_000);
    await keys.verify(secret);
    expect(await keys.find(key.id)).toMatchObject({ lastUsedAt: first + 63_999 });
  });
}

export function secretTests(open: OpenFresh): void {
  const set = (name: string, value: string, project = "main") => ({ project, name, value, by: "ada" });

  test("keeps secrets by project and name, and gives their values to jobs alone", async () => {
    const { installation, clock, again } = await open();
    const { secrets } = installation;
    await secrets.set(set("OPENAI_API_KEY", "sk-first"));
    await secrets.set(set("OPENAI_API_KEY", "sk-second"));
    await secrets.set(set("OPENAI_API_KEY", "sk-shop", "shop"));
    expect(await secrets.list("main")).toEqual([
      { project: "main", name: "OPENAI_API_KEY", setAt: clock.now(), setBy: "ada" },
    ]);
    const other = (await again()).installation.secrets;
    expect([...(await other.readAll("main"))]).toEqual([["OPENAI_API_KEY", "sk-second"]]);
    expect([...(await other.readAll("shop"))]).toEqual([["OPENAI_API_KEY", "sk-shop"]]);
    expect(await secrets.remove("main", "OPENAI_API_KEY")).toBe(true);
    expect(await secrets.remove("main", "OPENAI_API_KEY")).toBe(false);
    expect([...(await other.readAll("main"))]).toEqual([]);
  });

  test("says so where the master key is missing, too short or another one", async () => {
    const opened = await open();
    await opened.installation.secrets.set(set("OPENAI_API_KEY", "sk-first"));
    const none = (await opened.again(null)).installation.secrets;
    await expect(none.readAll("main")).rejects.toEqual(refused("usage", /set COLOPHON_SECRET/));
    await expect(none.set(set("A", "b"))).rejects.toEqual(refused("usage", /set COLOPHON_SECRET/));
    const another = (await opened.again("another master key, as long as it has to be")).installation.secrets;
    await expect(another.readAll("main")).rejects.toEqual(refused("usage", /another master key/));
    await expect(another.set(set("A", "b"))).rejects.toEqual(refused("usage", /another master key/));
    expect(await another.list("main")).toMatchObject([{ name: "OPENAI_API_KEY" }]);
    await expect(opened.again("short")).rejects.toEqual(refused("usage", /32 or more/));
  });

  test("refuses names that stand for no variable, and empty values", async () => {
    const { secrets } = (await open()).installation;
    await expect(secrets.set(set("openai", "sk"))).rejects.toEqual(
      refused("usage", /cannot be a secret's name/),
    );
    await expect(secrets.set(set("OPENAI_API_KEY", ""))).rejects.toEqual(refused("usage", /1 to 10000/));
    expect(await secrets.list("main")).toEqual([]);
  });
}

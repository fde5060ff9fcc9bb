/** Tests which store is meant by what a person or an application says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findStore, storePlace } from "./store-place.ts";

const root = mkdtempSync(join(tmpdir(), "colophon-place-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const app = join(root, "packages", "app");
mkdirSync(app, { recursive: true });
mkdirSync(join(root, ".colophon"));

describe("the place of a store", () => {
  it("is the nearest folder upward, and no file of that name", () => {
    writeFileSync(join(app, ".colophon"), "notes");
    expect(findStore(app)).toEqual({
      folder: join(root, ".colophon"),
      file: join(root, ".colophon", "store.db"),
      spool: join(root, ".colophon", "spool"),
    });
    expect(storePlace("", app)).toEqual(findStore(app));
  });

  it.each([
    ["data/store.db", join("data", "store.db")],
    ["file:data/store.db", join("data", "store.db")],
    [`file://${join(app, "y.db")}`, "y.db"],
    ["other/.colophon", join("other", ".colophon", "store.db")],
  ])("named %s is a file of its own", (store, file) => {
    expect(storePlace(store, app).file).toBe(join(app, file));
  });

  it("gives each store of a folder a spool of its own", () => {
    const spools = ["a.db", "b.db", "store.db"].map((store) => storePlace(store, app).spool);
    expect(spools).toEqual([join(app, "a.db-spool"), join(app, "b.db-spool"), join(app, "spool")]);
  });

  it("is refused where this version cannot go, without the secrets of the address", () => {
    for (const store of ["postgres://ada:secret@db/x", "https://colophon.example", "ftp:x"]) {
      expect(() => storePlace(store, app)).toThrow(expect.objectContaining({ code: "store-unsupported" }));
      expect(() => storePlace(store, app)).not.toThrow(/secret/);
    }
    expect(() => storePlace("file://elsewhere/x.db", app)).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });
});

/** Tests of what an application is called. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applicationOf, findApplication } from "./find-application.ts";

let folder: string;

function write(name: string, content: string | object): void {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "colophon-names-")));
  write("package.json", { name: "acme" });
  for (const name of ["shop", "admin"]) write(`apps/${name}/package.json`, { name: `@acme/${name}` });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the name of an application", () => {
  const named = (script: string | undefined, from = ".") =>
    findApplication({ script: script && join(folder, script), folder: join(folder, from) });

  it("is that of the nearest package.json above the script, wherever it was started", () => {
    expect(named("apps/shop/src/main.js")).toBe("@acme/shop");
    expect(named("apps/shop/src/main.js", "apps/admin")).toBe("@acme/shop");
    expect(named("scripts/deploy.js")).toBe("acme");
  });

  it("is found from the working folder where the script is a tool, or there is none", () => {
    expect(named("node_modules/next/dist/bin/next", "apps/shop")).toBe("@acme/shop");
    expect(named("apps/admin/node_modules/.bin/vite", "apps/shop")).toBe("@acme/shop");
    expect(named(undefined, "apps/admin/src")).toBe("@acme/admin");
  });

  it("is not that of a package.json without a name, or one that cannot be read", () => {
    write("apps/shop/dist/package.json", { type: "module" });
    write("apps/shop/dist/lib/package.json", "{");
    write("apps/shop/dist/lib/more/package.json", { name: 7 });
    expect(named("apps/shop/dist/lib/more/main.js")).toBe("@acme/shop");
  });

  it("is what the option says, else COLOPHON_APPLICATION, else that of the package", () => {
    expect(applicationOf({ application: "one" }, { COLOPHON_APPLICATION: "two" })).toBe("one");
    expect(applicationOf({}, { COLOPHON_APPLICATION: "two" })).toBe("two");
    expect(applicationOf({ application: "" }, { COLOPHON_APPLICATION: "" })).toBe("colophon-workspace");
  });

  it("is null where nothing above has one", () => {
    rmSync(join(folder, "package.json"));
    expect(named("scripts/deploy.js")).toBe(null);
  });
});

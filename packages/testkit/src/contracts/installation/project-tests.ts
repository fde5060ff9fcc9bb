/** What the projects of every Installation keep to. */
import { expect, test } from "vitest";
import { type OpenFresh, refused } from "./opened-installation.ts";

export function projectTests(open: OpenFresh): void {
  test("begins with the project main and takes further ones", async () => {
    const { installation, clock, again } = await open();
    const { projects } = installation;
    expect(await projects.list()).toEqual([{ id: "main", name: "main", createdAt: clock.now() }]);
    clock.advance(5);
    const shop = await projects.create({ id: "shop-2", name: "The shop" });
    expect(shop).toEqual({ id: "shop-2", name: "The shop", createdAt: clock.now() });
    const other = (await again()).installation.projects;
    expect(await other.find("shop-2")).toEqual(shop);
    expect((await other.list()).map(({ id }) => id)).toEqual(["main", "shop-2"]);
    expect(await other.find("unheard-of")).toBeUndefined();
  });

  test.each(["Shop", "2shop", "shop_2", "shop-", "a".repeat(41), "", "installation", "../shop"])(
    "refuses %j as a project's id",
    async (id) => {
      const { projects } = (await open()).installation;
      await expect(projects.create({ id, name: "Shop" })).rejects.toEqual(
        refused("usage", /cannot be a project's id/),
      );
      expect(await projects.list()).toHaveLength(1);
    },
  );

  test("refuses a project that is there, and one without a name", async () => {
    const { projects } = (await open()).installation;
    await expect(projects.create({ id: "main", name: "Another" })).rejects.toEqual(
      refused("usage", /already/),
    );
    await expect(projects.create({ id: "shop", name: " " })).rejects.toEqual(
      refused("usage", /name has 1 to/),
    );
    expect(await projects.list()).toMatchObject([{ id: "main", name: "main" }]);
  });
}

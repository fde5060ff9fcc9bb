/** What people, roles and invitations of every Installation keep to. */
import { expect, test } from "vitest";
import { type OpenFresh, refused } from "./opened-installation.ts";

const DAY_MS = 86_400_000;

export function peopleTests(open: OpenFresh): void {
  test("finds people by their e-mail, whatever its case", async () => {
    const { installation, addPerson } = await open();
    const person = await addPerson("ada@example.com", "Ada");
    expect(person).toMatchObject({ email: "ada@example.com", name: "Ada" });
    expect(await installation.people.find("Ada@Example.COM ")).toEqual(person);
    expect(await installation.people.find("bob@example.com")).toBeUndefined();
  });

  test("gives people roles at places, the last word at each", async () => {
    const { installation, addPerson, clock } = await open();
    const { people } = installation;
    const { id: person, ...who } = await addPerson("ada@example.com", "Ada");
    const grant = { person, project: "main", environment: null };
    await people.grant({ ...grant, role: "viewer" });
    clock.advance(5);
    await people.grant({ ...grant, role: "editor" });
    await people.grant({ ...grant, environment: "production", role: "operator" });
    const listed = await people.listMemberships({ project: "main" });
    expect(listed).toEqual([
      {
        person: { id: person, ...who },
        project: "main",
        environment: null,
        role: "editor",
        grantedAt: clock.now(),
      },
      {
        person: { id: person, ...who },
        project: "main",
        environment: "production",
        role: "operator",
        grantedAt: clock.now(),
      },
    ]);
    expect(await people.listMemberships({ person: "somebody-else" })).toEqual([]);
    expect(await people.revoke({ person, project: "main", environment: null })).toBe(true);
    expect(await people.revoke({ person, project: "main", environment: null })).toBe(false);
    expect(await people.listMemberships({ person })).toMatchObject([{ role: "operator" }]);
  });

  test("says a person's rights in a project: those there and those of the whole installation, never another project's", async () => {
    const { installation, addPerson } = await open();
    const { people, projects } = installation;
    await projects.create({ id: "shop", name: "Shop" });
    const { id: person } = await addPerson("ada@example.com", "Ada");
    await people.grant({ person, project: "shop", environment: "staging", role: "operator" });
    expect(await people.rightsOf(person, "main")).toEqual([]);
    expect(await people.rightsOf(person, "shop")).toMatchObject([{ environment: "staging" }]);
    await people.grant({ person, project: null, environment: null, role: "viewer" });
    expect(await people.rightsOf(person, "main")).toEqual([
      { scopes: ["resolve", "read"], environment: null },
    ]);
    expect(await people.rightsOf(person, null)).toEqual([{ scopes: ["resolve", "read"], environment: null }]);
    expect(await people.rightsOf(person, "shop")).toHaveLength(2);
    expect(await people.listMemberships({ project: "main" })).toMatchObject([
      { project: null, role: "viewer" },
    ]);
  });

  test("refuses a role for somebody who is not there, and an environment of no project", async () => {
    const { installation, addPerson } = await open();
    const { people } = installation;
    const { id: person } = await addPerson("ada@example.com", "Ada");
    const nobody = people.grant({ person: "nobody", project: "main", environment: null, role: "admin" });
    await expect(nobody).rejects.toEqual(refused("usage", /no person "nobody"/));
    const nowhere = people.grant({ person, project: null, environment: "production", role: "admin" });
    await expect(nowhere).rejects.toEqual(refused("usage", /name the project/));
    expect(await people.listMemberships({})).toEqual([]);
  });
}

export function invitationTests(open: OpenFresh): void {
  const request = (now: number) =>
    ({
      ...{ email: "Bob@example.com", project: "main", environment: null, role: "reviewer" as const },
      ...{ invitedBy: "ada", expires: now + DAY_MS },
    }) as const;

  test("invites by a token that opens once, for the e-mail that it was made for", async () => {
    const { installation, addPerson, clock, again } = await open();
    const { people } = installation;
    const bob = await addPerson("bob@example.com", "Bob");
    const eve = await addPerson("eve@example.com", "Eve");
    const { invitation, token } = await people.invite(request(clock.now()));
    expect(invitation).toMatchObject({ email: "bob@example.com", acceptedAt: null });
    expect(await people.listInvitations("main")).toEqual([invitation]);
    expect(await people.listInvitations(null)).toEqual([]);
    expect(await people.findInvitation(token)).toEqual(invitation);
    expect(await people.findInvitation(`${token}x`)).toBeUndefined();
    await expect(people.accept(token, eve)).rejects.toEqual(refused("usage", /another person's/));
    await expect(people.accept(`${token}x`, bob)).rejects.toEqual(refused("usage", /ask for a new one/));
    expect(await people.listMemberships({})).toEqual([]);
    const accepted = await (await again()).installation.people.accept(token, bob);
    expect(accepted).toEqual({ ...invitation, acceptedAt: clock.now() });
    expect(await people.listMemberships({})).toMatchObject([
      { person: bob, project: "main", role: "reviewer" },
    ]);
    await expect(people.accept(token, bob)).rejects.toEqual(refused("usage", /used/));
    expect(await people.findInvitation(token)).toBeUndefined();
  });

  test("an invitation that is expired or withdrawn opens nothing", async () => {
    const { installation, addPerson, clock } = await open();
    const { people } = installation;
    const bob = await addPerson("bob@example.com", "Bob");
    const first = await people.invite(request(clock.now()));
    const second = await people.invite(request(clock.now() + DAY_MS));
    clock.advance(DAY_MS);
    await expect(people.accept(first.token, bob)).rejects.toEqual(refused("usage", /expired/));
    expect(await people.withdrawInvitation(second.invitation.id)).toBe(true);
    expect(await people.withdrawInvitation(second.invitation.id)).toBe(false);
    await expect(people.accept(second.token, bob)).rejects.toEqual(refused("usage", /withdrawn/));
    expect(await people.listMemberships({})).toEqual([]);
  });
}

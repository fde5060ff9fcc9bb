/** Says who asks: an application or script by its key, or a person by a session. */
import type { InstallationDesk } from "@colophon/harness";
import { type Actor, type ApiKey, HarnessError, type Person, type Right } from "@colophon/kernel";

/** Who asks, before it is known where. */
export interface Identity {
  readonly kind: "key" | "person";
  /** Of the key or the person; it says nothing about them and opens nothing. */
  readonly id: string;
  readonly actor: Actor;
  /** The key's project; null for people, and for keys of the whole installation. */
  readonly project: string | null;
  /** What it may do in a project; null asks for rights in the whole installation. */
  readonly rightsIn: (project: string | null) => Promise<readonly Right[]>;
}

/**
 * A key that opens nothing is not made up for by a session: a script that sends both means the key.
 *
 * @throws HarnessError `not-signed-in`.
 */
export async function identify(desk: InstallationDesk, headers: Headers): Promise<Identity> {
  const authorization = headers.get("authorization");
  if (authorization === null) {
    const person = await desk.signIn.personOf(headers);
    if (person !== undefined) return identityOfPerson(desk, person);
    throw new HarnessError(
      "not-signed-in",
      "Nobody is signed in; send a key as `Authorization: Bearer …`, or sign in.",
    );
  }
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const key = secret === undefined ? undefined : await desk.installation.keys.verify(secret);
  if (key !== undefined) return identityOfKey(key);
  throw new HarnessError(
    "not-signed-in",
    "The key opens nothing: it is unknown, revoked or expired; `colophon key create` makes another.",
  );
}

function identityOfKey({ id, project, environments, scopes, createdBy }: ApiKey): Identity {
  const rights: readonly Right[] =
    environments === null
      ? [{ scopes, environment: null }]
      : environments.map((environment) => ({ scopes, environment }));
  return {
    kind: "key",
    id,
    actor: { id, via: "server", owner: createdBy },
    project,
    rightsIn: async (asked) => (project === null || project === asked ? rights : []),
  };
}

function identityOfPerson({ installation }: InstallationDesk, { id, email }: Person): Identity {
  return {
    kind: "person",
    id,
    actor: { id: email, via: "server" },
    project: null,
    rightsIn: (asked) => installation.people.rightsOf(id, asked),
  };
}

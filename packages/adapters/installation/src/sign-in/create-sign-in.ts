/** Sign-in of people by a browser: sessions, passwords, and an identity provider where there is one. */
import { type Clock, HarnessError, type IdSource, type Person } from "@colophon/kernel";
import { betterAuth } from "better-auth";
import { hashPassword } from "better-auth/crypto";
import { checkEmail } from "../check-email.ts";
import type { Database } from "../database/database.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import {
  ADDRESS_HEADER,
  AUTH_PATH,
  type AuthSettings,
  authOptions,
  LEAST_PASSWORD,
  LONGEST_PASSWORD,
  OIDC_PROVIDER,
} from "./auth-options.ts";

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Sign-in of people by a browser. */
export interface SignInDesk {
  /** Answers everything below `/auth/`; the address is that of whoever asks, for the limits of tries. */
  handle(request: Request, address?: string | null): Promise<Response>;
  /** Who a request's session is of; undefined for none. */
  personOf(headers: Headers): Promise<Person | undefined>;
  /** Makes a person who may sign in by e-mail and password. @throws HarnessError `usage` where the e-mail is taken or the password too weak. */
  register(person: NewPerson): Promise<Person>;
  /** Gives a person another password, and ends their sessions. @throws HarnessError `usage` for nobody, or a weak password. */
  setPassword(person: Pick<NewPerson, "email" | "password">): Promise<Person>;
}

export interface SignInParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly settings: AuthSettings;
}

/** All that is offered; what else the library knows, such as changing one's e-mail, would go around roles. */
const OFFERED =
  /^\/(?:sign-in\/(?:email|social)|callback\/oidc|sign-out|get-session|change-password|list-sessions|revoke-sessions?|revoke-other-sessions|error)$/;
const LONGEST_NAME = 200;
/** What the library calls an account with a password. */
const PASSWORD_PROVIDER = "credential";

export function createSignIn({ database, clock, ids, settings }: SignInParts): SignInDesk {
  const library = new SignInLibrary(settings);

  /** The library hides why it failed; where the database is away, asking it once more says so. */
  const askWhy = () => database.read(() => database.hasTables());

  return {
    async handle(request, address = null) {
      const { pathname } = new URL(request.url);
      const path = pathname.slice(AUTH_PATH.length);
      if (!pathname.startsWith(`${AUTH_PATH}/`) || !OFFERED.test(path)) {
        return Response.json(
          { error: { code: "usage", message: "Sign-in has no such page." } },
          { status: 404 },
        );
      }
      const headers = new Headers(request.headers);
      headers.delete(ADDRESS_HEADER);
      if (address !== null) headers.set(ADDRESS_HEADER, address);
      const asked = new Request(request, { headers });
      const answer = await library.handle(asked, path).catch(async (error: unknown) => {
        await askWhy();
        throw error;
      });
      if (answer.status >= 500) await askWhy();
      return answer;
    },
    async personOf(headers) {
      if (!headers.has("cookie")) return undefined;
      return library.personOf(headers).catch(async (error: unknown) => {
        await askWhy();
        throw error;
      });
    },
    async register({ email, name, password }) {
      const person: Person = { id: ids.next(), email: email.trim().toLowerCase(), name: name.trim() };
      checkPerson(person);
      checkPassword(password);
      const login = { hash: await hashPassword(password), at: clock.now() };
      await database.write(() => insertPerson(database, person, login));
      return person;
    },
    async setPassword({ email, password }) {
      checkPassword(password);
      const login = { hash: await hashPassword(password), at: clock.now() };
      return database.write(() => replacePassword(database, email.trim().toLowerCase(), login));
    },
  };
}

/** The library, made when it is first needed: it asks database and provider for things when it starts. */
class SignInLibrary {
  readonly #settings: AuthSettings;
  #auth: ReturnType<typeof makeAuth> | undefined;

  constructor(settings: AuthSettings) {
    this.#settings = settings;
  }

  async handle(request: Request, path: string): Promise<Response> {
    if (this.#settings.oidc !== null && /social|oidc/.test(path)) await this.#findProvider();
    return this.#ready().handler(request);
  }

  async personOf(headers: Headers): Promise<Person | undefined> {
    const session = await this.#ready().api.getSession({ headers });
    if (session === null) return undefined;
    const { id, email, name } = session.user;
    return { id, email, name };
  }

  #ready(): ReturnType<typeof makeAuth> {
    this.#auth ??= makeAuth(this.#settings);
    return this.#auth;
  }

  /** It asks the provider once, when it starts: where that failed, it starts anew. */
  async #findProvider(): Promise<void> {
    const { socialProviders } = await this.#ready().$context;
    if (!socialProviders.some(({ id }) => id === OIDC_PROVIDER)) this.#auth = undefined;
  }
}

function makeAuth(settings: AuthSettings) {
  return betterAuth(authOptions(settings));
}

function checkPerson({ email, name }: Person): void {
  checkEmail(email);
  if (name === "" || name.length > LONGEST_NAME) {
    throw new HarnessError("usage", `A person's name has 1 to ${LONGEST_NAME} characters.`);
  }
}

function checkPassword(password: string): void {
  if (password.length >= LEAST_PASSWORD && password.length <= LONGEST_PASSWORD) return;
  throw new HarnessError(
    "usage",
    `The password has ${password.length} characters; give ${LEAST_PASSWORD} to ${LONGEST_PASSWORD}.`,
  );
}

interface Login {
  readonly hash: string;
  readonly at: number;
}

/** Person and password in one transaction, in the library's own tables. */
function* insertPerson(database: Database, { id, email, name }: Person, login: Login): Work<void> {
  const { builder, dialect } = database;
  const now = new Date(login.at).toISOString();
  const made = yield* ask(
    builder
      .insertInto("person")
      .values({
        ...{ id, email, name, createdAt: now, updatedAt: now },
        // Nobody comes in by an address that no administrator has named.
        emailVerified: dialect === "postgres" ? true : 1,
      })
      .onConflict((conflict) => conflict.column("email").doNothing())
      .returning("id"),
  );
  if (made.length === 0) {
    throw new HarnessError("usage", `There is somebody with the e-mail ${email} already.`);
  }
  yield* insertLogin(database, id, login);
}

function* insertLogin({ builder }: Database, id: string, { hash, at }: Login): Work<void> {
  const now = new Date(at).toISOString();
  yield builder
    .insertInto("sign_in_account")
    .values({
      ...{ id, userId: id, accountId: id, providerId: PASSWORD_PROVIDER, password: hash },
      ...{ createdAt: now, updatedAt: now },
    })
    .compile();
}

function* replacePassword(database: Database, email: string, login: Login): Work<Person> {
  const { builder } = database;
  const person = yield* askFirst(
    builder.selectFrom("person").select(["id", "email", "name"]).where("email", "=", email),
  );
  if (person === undefined) {
    throw new HarnessError("usage", `There is nobody with the e-mail ${email}; invite them first.`);
  }
  const changed = yield* ask(
    builder
      .updateTable("sign_in_account")
      .set({ password: login.hash, updatedAt: new Date(login.at).toISOString() })
      .where("userId", "=", person.id)
      .where("providerId", "=", PASSWORD_PROVIDER)
      .returning("id"),
  );
  // Whoever came by an identity provider alone has had none.
  if (changed.length === 0) yield* insertLogin(database, person.id, login);
  yield builder.deleteFrom("sign_in_session").where("userId", "=", person.id).compile();
  return person;
}

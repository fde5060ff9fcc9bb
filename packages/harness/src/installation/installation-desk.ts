/** An opened installation: who may come in, and the stores of its projects. */
import type { Actor, Clock, Installation, Person } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** Sign-in of people by a browser. */
export interface SignIn {
  /** Answers everything below `/auth/`. */
  handle(request: Request): Promise<Response>;
  /** Who a request's session is of; undefined for none. */
  personOf(headers: Headers): Promise<Person | undefined>;
  /** Makes a person who may sign in by e-mail and password. @throws HarnessError `usage` where the e-mail is taken or the password too weak. */
  register(person: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
  }): Promise<Person>;
}

export interface InstallationDesk {
  readonly installation: Installation;
  readonly signIn: SignIn;
  /** In words, without passwords. */
  readonly store: string;
  readonly actor: Actor;
  readonly clock: Clock;
  /**
   * The store of a project, opened when it is first asked for and kept open; to be closed by closing the desk.
   *
   * @throws HarnessError `project-unknown`, and what opening a store throws.
   */
  project(id: string): Promise<Harness>;
  close(): Promise<void>;
}

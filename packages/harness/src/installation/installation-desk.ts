/** An opened installation: who may come in, and the stores of its projects. */
import type { SignInDesk } from "@colophon/installation";
import type { Actor, Clock, Installation, Right } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** Sign-in of people by a browser. */
export type SignIn = SignInDesk;

export interface InstallationDesk {
  readonly installation: Installation;
  readonly signIn: SignIn;
  /** In words, without passwords. */
  readonly store: string;
  readonly actor: Actor;
  readonly clock: Clock;
  /** What the actor may do in a project; null asks for rights in the whole installation. Nobody gives what they lack. */
  rightsIn(project: string | null): Promise<readonly Right[]>;
  /**
   * The store of a project, opened when it is first asked for and kept open; to be closed by closing the desk.
   *
   * @throws HarnessError `project-unknown`, and what opening a store throws.
   */
  project(id: string): Promise<Harness>;
  close(): Promise<void>;
}

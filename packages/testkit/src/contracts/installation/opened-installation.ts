/** An installation under test, opened on injected time and chance. */
import type { Installation, Person } from "@colophon/kernel";
import { expect } from "vitest";
import type { Disposable, Fresh, StoreParts } from "../opened-store.ts";

export interface OpenedInstallation extends Disposable {
  readonly installation: Installation;
  /** Makes a person. */
  addPerson(email: string, name: string): Promise<Person>;
  /** The same installation once more, as another process would open it, perhaps under another master key. */
  again(masterKey?: string | null): Promise<OpenedInstallation>;
}

export interface InstallationContract {
  readonly name: string;
  /** A fresh one, with the master key `MASTER_KEY`. */
  open(parts: StoreParts): Promise<OpenedInstallation>;
}

/** What installations under test seal their secrets under. */
export const MASTER_KEY = "a master key that tests alone know of";

/** Gives a fresh one for each call. */
export type OpenFresh = () => Promise<Fresh<OpenedInstallation>>;

/** What a refusal has to look like. */
export const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

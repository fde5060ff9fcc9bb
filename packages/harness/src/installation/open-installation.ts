/** Opens an installation: its people and keys, and the stores of its projects. */
import type { OidcProvider } from "@colophon/installation";
import {
  type Actor,
  type Clock,
  HarnessError,
  type Installation,
  type RandomSource,
  SCOPES,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { openHarness } from "../open-harness.ts";
import { type InstallationAddress, installationAddress } from "./installation-address.ts";
import type { InstallationDesk } from "./installation-desk.ts";
import { readMasterKey } from "./master-key.ts";

export interface InstallationOptions {
  /** The store of the first project, as `openHarness` takes it. */
  readonly store?: string | undefined;
  readonly cwd: string;
  /** `read` makes nothing: where there is no installation yet, it reads as one where nobody has done anything. */
  readonly mode: "read" | "write";
  readonly actor: Actor;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** 32 characters or more, as COLOPHON_SECRET; an embedded installation has one of its own in `.colophon/secret`. */
  readonly masterKey?: string | undefined;
  /** Where browsers reach the server, such as `https://prompts.example.com`. */
  readonly publicUrl?: string | undefined;
  readonly oidc?: OidcProvider | null;
}

/**
 * Whoever is at the machine with the database has every right: the desk is theirs. A server gives each
 * caller a desk with the caller's own.
 *
 * @throws HarnessError `store-unavailable`, `store-read-only`, `store-busy`, `store-corrupt`, `store-newer`,
 * `store-unsupported`, or `usage` for an address or a master key that is none.
 * @example
 * const desk = await openInstallation({ cwd: process.cwd(), mode: "write", actor: { id: "ada", via: "cli" } });
 * try {
 *   console.log(await desk.installation.projects.list());
 * } finally {
 *   await desk.close();
 * }
 */
export async function openInstallation(options: InstallationOptions): Promise<InstallationDesk> {
  const { cwd, mode, actor, clock = systemClock, random = systemRandom, publicUrl, oidc } = options;
  const address = installationAddress({ store: options.store, cwd });
  const masterKey = options.masterKey ?? readMasterKey({ file: address.secretFile, mode, random });
  // Most commands have no use for the library of sign-in, which takes long to load.
  const { openInstallationStore } = await import("@colophon/installation");
  const { installation, signIn, place } = await openInstallationStore({
    ...{ place: address.place, mode, clock, random, masterKey },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    oidc: oidc ?? null,
  });
  const stores = new ProjectStores({ options: { ...options, clock, random }, address, installation, place });
  return {
    ...{ installation, signIn, store: place, actor, clock },
    rightsIn: async () => [{ scopes: SCOPES, environment: null }],
    project: (id) => stores.open(id),
    async close() {
      await stores.close();
      await installation.close();
    },
  };
}

interface StoresParts {
  readonly options: InstallationOptions & { readonly clock: Clock; readonly random: RandomSource };
  readonly address: InstallationAddress;
  readonly installation: Installation;
  /** In words. */
  readonly place: string;
}

/** The projects' stores, each opened once. */
class ProjectStores {
  readonly #parts: StoresParts;
  readonly #stores = new Map<string, Promise<Harness>>();

  constructor(parts: StoresParts) {
    this.#parts = parts;
  }

  async open(id: string): Promise<Harness> {
    const known = this.#stores.get(id);
    if (known !== undefined) return known;
    const { installation, place } = this.#parts;
    if ((await installation.projects.find(id)) === undefined) {
      throw new HarnessError(
        "project-unknown",
        `There is no project "${id}" in ${place}; \`colophon project list\` has those that are there.`,
      );
    }
    const opening = this.#stores.get(id) ?? this.#openOnce(id);
    this.#stores.set(id, opening);
    // A database that is away may be back for the next one who asks.
    opening.catch(() => this.#stores.delete(id));
    return opening;
  }

  async #openOnce(id: string): Promise<Harness> {
    const { options, address } = this.#parts;
    const { cwd, mode, actor, clock, random } = options;
    const { store, folder } = address.projectPlace(id);
    const harness = await openHarness({ store, cwd, mode, actor, clock, random });
    return { ...harness, folder, members: () => this.#countMembers(id) };
  }

  /** Null where nobody has a role: then there are no people, and nothing is known of who works on the project. */
  async #countMembers(project: string): Promise<number | null> {
    const memberships = await this.#parts.installation.people.listMemberships({ project });
    return new Set(memberships.map(({ person }) => person.id)).size || null;
  }

  async close(): Promise<void> {
    const stores = [...this.#stores.values()];
    this.#stores.clear();
    for (const store of await Promise.allSettled(stores)) {
      if (store.status === "fulfilled") await store.value.close();
    }
  }
}

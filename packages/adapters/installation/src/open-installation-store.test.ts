/** Holds the installation to its contract on SQLite and on PostgreSQL. */
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import {
  installationContract,
  MASTER_KEY,
  type OpenedInstallation,
  type StoreParts,
} from "@colophon/testkit";
import { vi } from "vitest";
import { type PlaceKind, postgresPlaces, SQLITE } from "./installation-place.fixture.ts";
import { openInstallationStore } from "./open-installation-store.ts";

// Properties open an installation for each example, and a server has more to do for that than a file.
vi.setConfig({ testTimeout: 120_000 });

const server = usePostgres();

for (const kind of [SQLITE, postgresPlaces(server)]) {
  installationContract({ name: `the installation on ${kind.name}`, open: (parts) => open(kind, parts) });
}

async function open(kind: PlaceKind, { clock, random }: StoreParts): Promise<OpenedInstallation> {
  const taken = await kind.take();
  const opened: { close(): Promise<void> }[] = [];
  const openOnce = async (masterKey: string | null = MASTER_KEY): Promise<OpenedInstallation> => {
    const { installation, signIn } = await openInstallationStore({
      ...{ place: taken.place, mode: "write", clock, random, masterKey },
    });
    opened.push(installation);
    return {
      installation,
      addPerson: (email, name) => signIn.register({ email, name, password: "correct horse battery" }),
      again: openOnce,
      async dispose() {
        if (opened.length === 0) return;
        for (const one of opened.splice(0)) await one.close();
        await taken.giveBack();
      },
    };
  };
  return openOnce();
}

/** A PostgreSQL whose commits wait for the disk, as it comes: says the address of an empty database, and ends with its input. */
import { startServer } from "@colophon/storage/postgres/server.fixture";

const SETTINGS = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=256MB"];

const { server, end } = await startServer({ settings: SETTINGS });
try {
  console.log(server.url(await server.takeDatabase()));
  for await (const _ of process.stdin);
} finally {
  await end();
}

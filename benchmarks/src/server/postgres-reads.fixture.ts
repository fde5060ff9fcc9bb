/** A process that keeps a filled store on PostgreSQL: says its address when it is ready, and ends with its input. */
import { startServer } from "@colophon/storage/postgres/server.fixture";
import { fillPostgres } from "./fill-postgres.fixture.ts";

const MINUTE_MS = 60_000;
const SETTINGS = ["shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=2GB", "jit=on"];

const rows = Number(process.argv[2]);
const { server, end } = await startServer({ settings: SETTINGS });
try {
  const database = await server.takeDatabase();
  const say = (message: string): void => console.error(message);
  await fillPostgres({ server, database, rows, end: Date.now() - MINUTE_MS, say });
  console.log(server.url(database));
  for await (const _ of process.stdin);
} finally {
  await end();
}

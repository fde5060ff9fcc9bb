/** Keys of applications and scripts: issued, rotated, revoked, and recognized by their hash. */
import {
  type ApiKey,
  type ApiKeys,
  HarnessError,
  type IssuedKey,
  type KeyRequest,
  type Scope,
} from "@colophon/kernel";
import type { ApiKeyTable } from "../database/tables.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import type { PortParts } from "./port-parts.ts";
import { hashToken, isSameHash, randomToken } from "./random-token.ts";
import { VerifiedKeys } from "./verified-keys.ts";

const ID_BYTES = 8;
const SECRET = /^clp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;
/** How exactly the last use is written down. */
const SEEN_EVERY_MS = 60_000;

export function createApiKeys(parts: PortParts): ApiKeys {
  const { database, clock } = parts;
  const { builder } = database;
  const verified = new VerifiedKeys(clock);
  const keys = builder.selectFrom("api_key").selectAll().orderBy("created_at").orderBy("id");
  const find = async (id: string): Promise<ApiKeyTable | undefined> =>
    database.read(() => askFirst(keys.where("id", "=", id)));

  return {
    create: (request) => database.write(() => issueKey(parts, request, null)),
    async rotate(id, more) {
      const issued = await database.write(() => rotateKey(parts, id, more));
      verified.forget(id);
      return issued;
    },
    async revoke(id) {
      const revoked = builder
        .updateTable("api_key")
        .set({ revoked_at: clock.now() })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .returning("id");
      const found = (await database.write(() => ask(revoked))).length > 0;
      verified.forget(id);
      return found;
    },
    async list(project) {
      const rows = project === null ? keys.where("project", "is", null) : keys.where("project", "=", project);
      return (await database.read(() => ask(rows))).map(keyOf);
    },
    async find(id) {
      const row = await find(id);
      return row && keyOf(row);
    },
    async verify(secret) {
      const [, mark] = SECRET.exec(secret) ?? [];
      if (mark === undefined) return undefined;
      const [id, hash] = [keyId(mark), hashToken(secret)];
      let key = verified.find(id, hash);
      if (key === undefined) {
        const row = await find(id);
        if (row === undefined || !isSameHash(row.secret_hash, hash)) return undefined;
        key = keyOf(row);
        verified.keep(key, hash);
        if (isOpen(key, clock.now())) await noteUse(parts, key);
      }
      return isOpen(key, clock.now()) ? key : undefined;
    },
  };
}

function* issueKey(
  { database, clock, random }: PortParts,
  request: KeyRequest & { readonly by: string },
  rotates: string | null,
): Work<IssuedKey> {
  const mark = Buffer.from(random.fill(new Uint8Array(ID_BYTES))).toString("hex");
  const secret = `clp_${mark}_${randomToken(random)}`;
  const key: ApiKey = {
    id: keyId(mark),
    name: request.name,
    project: request.project,
    environments: request.environments,
    scopes: request.scopes,
    createdBy: request.by,
    createdAt: clock.now(),
    expires: request.expires,
    revokedAt: null,
    lastUsedAt: null,
    rotates,
  };
  const row = { ...rowOf(key), secret_hash: hashToken(secret) };
  yield database.builder.insertInto("api_key").values(row).compile();
  return { key, secret };
}

function* rotateKey(
  parts: PortParts,
  id: string,
  { by, graceMs }: Parameters<ApiKeys["rotate"]>[1],
): Work<IssuedKey> {
  const { builder } = parts.database;
  const now = parts.clock.now();
  const row = yield* askFirst(builder.selectFrom("api_key").selectAll().where("id", "=", id));
  const old = row && keyOf(row);
  if (old === undefined || !isOpen(old, now)) {
    throw new HarnessError("usage", `There is no open key "${id}" to rotate; create a new one.`);
  }
  const until = Math.min(old.expires ?? Number.MAX_SAFE_INTEGER, now + graceMs);
  yield builder.updateTable("api_key").set({ expires: until }).where("id", "=", id).compile();
  return yield* issueKey(parts, { ...old, by }, id);
}

async function noteUse({ database, clock }: PortParts, { id, lastUsedAt }: ApiKey): Promise<void> {
  const now = clock.now();
  const before = now - SEEN_EVERY_MS;
  if (lastUsedAt !== null && lastUsedAt > before) return;
  const seen = database.builder
    .updateTable("api_key")
    .set({ last_used_at: now })
    .where("id", "=", id)
    .where((row) => row.or([row("last_used_at", "is", null), row("last_used_at", "<=", before)]));
  // When a key was seen is worth less than the request that it came with.
  await database.write(() => ask(seen)).catch(() => undefined);
}

function keyId(mark: string): string {
  return `key-${mark}`;
}

function isOpen({ revokedAt, expires }: ApiKey, now: number): boolean {
  return revokedAt === null && (expires === null || expires > now);
}

function rowOf(key: ApiKey): Omit<ApiKeyTable, "secret_hash"> {
  return {
    id: key.id,
    name: key.name,
    project: key.project,
    environments: key.environments === null ? null : JSON.stringify(key.environments),
    scopes: JSON.stringify(key.scopes),
    created_by: key.createdBy,
    created_at: key.createdAt,
    expires: key.expires,
    revoked_at: key.revokedAt,
    last_used_at: key.lastUsedAt,
    rotates: key.rotates,
  };
}

function keyOf(row: ApiKeyTable): ApiKey {
  return {
    id: row.id,
    name: row.name,
    project: row.project,
    environments: row.environments === null ? null : (JSON.parse(row.environments) as readonly string[]),
    scopes: JSON.parse(row.scopes) as readonly Scope[],
    createdBy: row.created_by,
    createdAt: row.created_at,
    expires: row.expires,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    rotates: row.rotates,
  };
}

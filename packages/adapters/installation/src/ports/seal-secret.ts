/** Seals secrets under a key that is derived from the installation's master key. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { HarnessError, type RandomSource } from "@colophon/kernel";

/** What a secret belongs to: sealed along with it, so that a row moved elsewhere opens no more. */
export interface SecretName {
  readonly project: string;
  readonly name: string;
}

const LEAST_MASTER = 32;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key of its own for each purpose (HKDF, RFC 5869). @throws HarnessError `usage` for a master key that is too short. */
export function deriveKey(masterKey: string, purpose: string): Buffer {
  if (masterKey.length < LEAST_MASTER) {
    throw new HarnessError(
      "usage",
      `The master key has ${masterKey.length} characters; set COLOPHON_SECRET to ${LEAST_MASTER} or more random ones.`,
    );
  }
  return Buffer.from(hkdfSync("sha256", masterKey, "", `colophon ${purpose} 1`, KEY_BYTES));
}

/** Tells a key from another one, and nothing else of it. */
export function markOf(key: Buffer): string {
  return createHmac("sha256", key).update("colophon master key").digest("hex").slice(0, 32);
}

/** AES-256-GCM with project and name as associated data. */
export function sealSecret(
  key: Buffer,
  secret: SecretName & { readonly value: string },
  random: RandomSource,
): string {
  const iv = random.fill(new Uint8Array(IV_BYTES));
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(dataOf(secret));
  const sealed = [cipher.update(secret.value, "utf8"), cipher.final()];
  return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString("base64");
}

/** @throws HarnessError `usage` where the key is another one, `store-corrupt` where the sealed value was changed. */
export function openSecret(key: Buffer, secret: SecretName & { readonly sealed: string }): string {
  const bytes = Buffer.from(secret.sealed, "base64");
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(dataOf(secret)).setAuthTag(tag);
    return Buffer.concat([
      decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch (cause) {
    throw new HarnessError(
      "store-corrupt",
      `The secret ${secret.name} of ${secret.project} is not as it was sealed; set it anew.`,
      { cause },
    );
  }
}

function dataOf({ project, name }: SecretName): Buffer {
  return Buffer.from(JSON.stringify([project, name]));
}

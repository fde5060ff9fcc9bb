/** SHA-256 by Node's own one-shot function: the hash of every chain in the embedded store. */
import crypto from "node:crypto";
import type { Sha256 } from "@colophon/kernel";

// Read at call time: a named import of it would keep this module from loading on an early Node 20.
export const fastHash: Sha256 = (data) => crypto.hash("sha256", data, "hex");

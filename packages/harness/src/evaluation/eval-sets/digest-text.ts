/** The SHA-256 of texts by the platform, many times as fast as the kernel's own. */
import { hash } from "node:crypto";
import type { Digest } from "@colophon/evaluation";

export const digestText: Digest = (text) => hash("sha256", text, "buffer");

/** The pace of a remote source and sink in tests: the same steps, many times as quick. */
import type { RemotePace } from "./remote-pace.ts";

export const QUICK: RemotePace = {
  pollMs: 20,
  look: { first: 5, most: 40 },
  listen: { first: 10, most: 50 },
  spreadMs: 5,
  silenceMs: 20_000,
  keepMs: 10,
  markMs: 50,
  presentMs: 50,
  gatherMs: 5,
  ship: { first: 5, most: 40 },
  flushMs: 60_000,
  closeMs: 2_000,
  adoptMs: 50,
};

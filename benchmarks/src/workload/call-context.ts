/** For whom the measured calls are: users, documents and conversations in the numbers of a busy product. */
import type { ResolveContext } from "colophon";
import { type Seeded, seeded } from "../measure/seeded.ts";

export const USERS = 20_000;
export const DOCUMENTS = 50_000;
const CALLS_PER_SESSION = 8;

export function userName(index: number): string {
  return `user_${(index * 2_654_435_761).toString(36)}`;
}

export function documentName(index: number): string {
  return `doc_${(index * 40_503_000_017).toString(36)}`;
}

/** Makes the contexts of calls one after the other: sessions of eight calls, a trace for each call. */
export function callContexts(seed: number): () => ResolveContext {
  const random: Seeded = seeded(seed);
  const open: { user: string; session: string; left: number }[] = [];
  const begin = () => ({
    user: userName(random.below(USERS)),
    session: random.hex(16),
    left: CALLS_PER_SESSION,
  });
  return () => {
    const slot = random.below(500);
    let conversation = open[slot];
    if (conversation === undefined || conversation.left === 0) open[slot] = conversation = begin();
    conversation.left -= 1;
    return {
      user: conversation.user,
      session: conversation.session,
      document: documentName(random.below(DOCUMENTS)),
      trace: random.hex(16),
      span: random.hex(8),
    };
  };
}

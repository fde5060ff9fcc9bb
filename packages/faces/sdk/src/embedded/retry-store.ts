/** Waits for a store that another process holds, before its mirror tries again. */
import { errorCodeOf } from "@colophon/kernel";

/** Milliseconds between tries while another process holds the store. */
const RETRY_PAUSE = 50;
/** Tries before a person is told; it goes on trying after that, more slowly. */
const PATIENT_TRIES = 40;
const SLOW_PAUSE = 2_000;

/** False for an error that no other try would mend; it is told here, unless the ledger's sink tells it. */
export async function retryStore(
  error: unknown,
  tries: number,
  onNotice: (message: string) => void,
): Promise<boolean> {
  const code = errorCodeOf(error);
  if (code !== "store-busy") {
    // A store in trouble is told by the ledger's sink, once for both.
    if (code === undefined || !code.startsWith("store-")) {
      onNotice(`the prompts in the code are not mirrored: ${(error as Error).message}`);
    }
    return false;
  }
  if (tries === PATIENT_TRIES) onNotice("the prompts in the code wait to be mirrored: the store is busy.");
  await (tries < PATIENT_TRIES ? pause(RETRY_PAUSE) : idle(SLOW_PAUSE));
  return true;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A pause that does not keep a process alive which has nothing else to do. */
function idle(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

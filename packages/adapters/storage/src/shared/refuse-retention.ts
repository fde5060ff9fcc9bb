/** What stores say that keep every row. */
import { HarnessError } from "@colophon/kernel";

/** @throws HarnessError `store-unsupported`, always. */
export async function refuseRetention(place: string): Promise<never> {
  throw new HarnessError(
    "store-unsupported",
    `The store ${place} keeps every row; only a store on PostgreSQL lets go of old ones.`,
  );
}

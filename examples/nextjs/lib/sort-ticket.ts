/** Sorts a ticket: one call of a model, one row in the ledger. */
import { client, colophon } from "./colophon";
import { triage } from "./prompts";

export interface Sorted {
  readonly label: string;
  /** Null for the text in the code. */
  readonly version: number | null;
  readonly execution: string | null;
}

export async function sortTicket(ticket: string, user: string): Promise<Sorted> {
  const call = colophon.resolve(triage, { user });
  const answer = await call.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
  const label = answer.choices[0]?.message.content ?? "other";
  return { label, version: call.version, execution: call.executionId };
}

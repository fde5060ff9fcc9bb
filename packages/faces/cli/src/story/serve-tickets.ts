/** The application of the story: labels tickets through the SDK with the real client, and says what came of it. */
import type { SupportTicket } from "@colophon/simulator";
import type { Colophon } from "colophon";
import type OpenAI from "openai";
import { labelOf, triage } from "./story-prompt.ts";

const AT_ONCE = 4;

export interface ServedTicket {
  readonly ticket: SupportTicket;
  readonly version: number | null;
  readonly executionId: string | null;
  readonly right: boolean;
}

export interface Application {
  readonly colophon: Colophon;
  readonly client: OpenAI;
}

/** Serves the tickets a few at a time; each call leaves its row and one outcome. */
export async function serveTickets(
  application: Application,
  tickets: readonly SupportTicket[],
): Promise<readonly ServedTicket[]> {
  const served: ServedTicket[] = [];
  const queue = tickets.values();
  const worker = async (): Promise<void> => {
    for (const ticket of queue) served.push(await serveTicket(application, ticket));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return served;
}

/** Few people write many tickets, so each ticket is a unit of its own. */
export function contextOf({ user, id, documentType }: SupportTicket) {
  return { user, document: id, documentType, unit: id };
}

async function serveTicket({ colophon, client }: Application, ticket: SupportTicket): Promise<ServedTicket> {
  const call = colophon.resolve(triage, contextOf(ticket));
  const answer = await call.record({ ticket: ticket.ticket }, (p) =>
    client.chat.completions.create(p.openai()),
  );
  const text = answer.choices[0]?.message.content ?? "";
  const right = labelOf(text) === ticket.label;
  // The desk takes over an answer as it stands only when it is the right label and nothing more.
  const accepted = text.trim().toLowerCase() === ticket.label;
  colophon.outcome(call as never, { name: "accepted", value: accepted, source: "downstream" });
  return { ticket, version: call.version, executionId: call.executionId, right };
}

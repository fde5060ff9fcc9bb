/** Tests of the made-up tickets. */

import { expect, test } from "vitest";
import { ticketCorpus } from "./ticket-corpus.ts";
import { TICKET_LABELS } from "./ticket-phrases.ts";

test("the same seed begins with the same tickets, however many are asked for", () => {
  expect(ticketCorpus(5, 300).slice(0, 40)).toEqual(ticketCorpus(5, 40));
  expect(ticketCorpus(6, 40)).not.toEqual(ticketCorpus(5, 40));
});

test("labels, difficulties and texts vary", () => {
  const tickets = ticketCorpus(1, 600);
  for (const label of TICKET_LABELS) {
    const own = tickets.filter((ticket) => ticket.label === label);
    expect(own.length).toBeGreaterThan(150);
    expect(new Set(own.map((ticket) => ticket.difficulty)).size).toBe(3);
  }
  expect(new Set(tickets.map((ticket) => ticket.ticket)).size).toBeGreaterThan(520);
  expect(tickets.filter((ticket) => /[{}]/.test(ticket.ticket))).toEqual([]);
});

/** A seeded set of made-up support tickets whose true labels are known. */

import { createSeededRandom, type SeededRandom } from "../seeded-random.ts";
import {
  CLOSERS,
  CORES,
  OPENERS,
  SLOTS,
  TICKET_LABELS,
  type TicketDifficulty,
  type TicketLabel,
} from "./ticket-phrases.ts";

export interface SupportTicket {
  readonly id: string;
  readonly ticket: string;
  /** The true label. */
  readonly label: TicketLabel;
  readonly difficulty: TicketDifficulty;
  /** Who wrote it. */
  readonly user: string;
  readonly documentType: "chat" | "email" | "form";
}

const USERS: readonly [string, ...string[]] = [
  "ada",
  "ben",
  "chloe",
  "dario",
  "emma",
  "farid",
  "grace",
  "hugo",
];
const DOCUMENT_TYPES: readonly ["chat", "email", "form"] = ["chat", "email", "form"];

function drawDifficulty(random: SeededRandom): TicketDifficulty {
  const draw = random.next();
  if (draw < 0.35) return "plain";
  return draw < 0.8 ? "veiled" : "hard";
}

function fillSlots(phrase: string, random: SeededRandom): string {
  const filled = phrase.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const words = SLOTS[name];
    return words === undefined ? whole : random.pick(words);
  });
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

function writeTicket(seed: number, index: number): SupportTicket {
  const random = createSeededRandom("ticket", seed, index);
  const label = random.pick(TICKET_LABELS);
  const difficulty = drawDifficulty(random);
  const parts = [
    random.pick(OPENERS),
    fillSlots(random.pick(CORES[label][difficulty]), random),
    random.pick(CLOSERS),
  ];
  return {
    id: `ticket-${String(index + 1).padStart(4, "0")}`,
    ticket: parts.filter((part) => part !== "").join(" "),
    label,
    difficulty,
    user: random.pick(USERS),
    documentType: random.pick(DOCUMENT_TYPES),
  };
}

/** The first `count` tickets of a seed: the same seed begins with the same tickets, however many are asked for. */
export function ticketCorpus(seed: number, count: number): readonly SupportTicket[] {
  return Array.from({ length: count }, (_, index) => writeTicket(seed, index));
}

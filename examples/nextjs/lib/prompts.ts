/** The prompts of the application: declared once, imported where they are used. */
import { definePrompt } from "colophon";
import { z } from "zod";

export const triage = definePrompt({
  key: "support.triage",
  purpose: "sorts support tickets",
  owner: "support",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  untrusted: ["ticket"],
  body: `Is this billing, bug or other?
- billing: charges, invoices, receipts, refunds, prices, tax, subscriptions and renewals
- bug: the product misbehaves: errors, crashes, hangs, lost changes, something that stopped working
- other: everything else: how to do something, ideas, account data, training
Answer with one word, the label only.

{{ticket}}`,
});

export const reply = definePrompt({
  key: "support.reply",
  purpose: "drafts an answer to a ticket",
  owner: "support",
  model: "gpt-5",
  input: z.object({ ticket: z.string() }),
  untrusted: ["ticket"],
  body: `Summarise this ticket in two sentences, so that the customer sees that we understood it.

{{ticket}}`,
});

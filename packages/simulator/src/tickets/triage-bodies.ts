/** Bodies of a ticket triage prompt from bare to good, and a worse one that looks like a clean-up. */

const DEFINITIONS = `- billing: charges, invoices, receipts, refunds, prices, tax and VAT, subscriptions and renewals, statements, discounts, money debited
- bug: the product misbehaves: errors, crashes, hangs, a spinner that keeps turning, empty or duplicate rows, lost changes, something that stopped working after an update
- other: everything else: how to do something, guides, ideas, compliments, account data, training, partners, jobs`;

/** `{{ticket}}` stands for the ticket. */
export const triageBodies = {
  bare: "Is this billing, bug or other?\n{{ticket}}",
  defined: `Is this billing, bug or other?
${DEFINITIONS}
Answer with one word, the label only.

Ticket: {{ticket}}`,
  exemplified: `Is this billing, bug or other?
${DEFINITIONS}
Answer with one word, the label only.

Ticket: Two transactions on my bank statement, please reimburse one, nobody approved it.
Label: billing

Ticket: The amount you deducted is wrong, we still pay for the subscription we cancelled.
Label: billing

Ticket: The price column disappears and the invoice list stays empty on my phone.
Label: bug

Ticket: When I click on pay, the text overlaps, the form hangs and shows yesterday's numbers twice.
Label: bug

Ticket: It would be nice to have an integration with a bank, as an idea for your roadmap.
Label: other

Ticket: Could we get a guide or a training on how to read invoices?
Label: other

Ticket: {{ticket}}
Label:`,
  worse: `Sort the ticket into billing, bug or other.
- billing: what paying customers ask: how to invite or do something, guides, languages, training, demo, opening hours, ideas, support
- bug: anything that is wrong: a wrong amount, charged twice, a missing discount, invoices, receipts, VAT, statements, subscriptions, refunds
- other: the app, a page, button or screen, a device, an update, an error message, empty, slow or frozen, everything else
If in doubt, answer bug. Answer in one word and explain why.

Ticket: {{ticket}}`,
} as const;

/** The phrases that support tickets are made of: plain ones, veiled ones and misleading ones per label. */

export const TICKET_LABELS = ["billing", "bug", "other"] as const;
export type TicketLabel = (typeof TICKET_LABELS)[number];

/** `plain` names its matter, `veiled` needs a definition to be understood, `hard` borrows another label's words. */
export type TicketDifficulty = "plain" | "veiled" | "hard";

/** Words in braces are drawn from the slots. */
export const SLOTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  amount: ["$49", "29 euros", "£15", "$120", "99.00", "$8.50"],
  period: ["March", "January", "April", "the second quarter", "the first week of June", "November"],
  device: [
    "my iPhone",
    "Firefox",
    "the Android tablet",
    "our office laptops",
    "Chrome on Windows",
    "my old Mac",
  ],
  place: [
    "the dashboard",
    "the export page",
    "the calendar view",
    "the settings panel",
    "the report editor",
    "the inbox",
  ],
  action: [
    "save a draft",
    "upload a photo",
    "open a shared folder",
    "sort the list",
    "drag an event",
    "search by tag",
  ],
  team: ["our team of five", "my colleague", "our new intern", "the whole department", "my assistant"],
  plan: ["starter", "family", "team", "yearly", "student"],
};

export const OPENERS: readonly [string, ...string[]] = [
  "",
  "Hi there,",
  "Hello,",
  "Good morning.",
  "Hey,",
  "Dear support,",
  "Hi team,",
];

export const CLOSERS: readonly [string, ...string[]] = [
  "",
  "Thanks in advance.",
  "Can you look into it?",
  "Please get back to me soon.",
  "Best regards",
  "This is the second time I write.",
  "We have been customers for three years.",
  "I love everything else about it.",
];

type Phrases = Readonly<Record<TicketDifficulty, readonly [string, ...string[]]>>;

export const CORES: Readonly<Record<TicketLabel, Phrases>> = {
  billing: {
    plain: [
      "I was charged {amount} twice for {period}.",
      "The invoice for {period} shows {amount} more than agreed.",
      "My credit card was charged although I am on the {plan} plan.",
      "I have a question about my bill from {period}.",
      "Where can I download the invoices for {period}?",
      "The payment of {amount} was taken two times.",
      "I would like a refund of {amount} for {period}.",
      "Why did the price of the {plan} plan go up to {amount}?",
    ],
    veiled: [
      "You debited {amount} from us in {period} and nobody approved it.",
      "Our accountant needs the receipts for {period} with the VAT number on them.",
      "The discount we were promised on the {plan} subscription is missing.",
      "I cancelled the {plan} subscription in {period} but it renewed anyway.",
      "We want to switch from monthly to annual renewal of the {plan} subscription.",
      "Purchase order for {team}: the tax and the total do not add up to {amount}.",
      "The coupon for the {plan} subscription took nothing off the {amount}.",
      "I still wait for the {amount} to be reimbursed from {period}.",
      "Please change the VAT number and the company name on our receipts.",
      "Two transactions of {amount} appear on my statement for {period}.",
    ],
    hard: [
      "There is an error in the amount of {amount} you deducted for {period}, it should be half.",
      "Something is broken with our subscription: we downgraded to {plan} in {period} and still pay {amount}.",
      "After the crash of {period} you offered a credit of {amount}, it never appeared on the statement.",
      "The receipt page works fine, but the VAT on the {amount} is wrong.",
      "I do not need help with the app, I need {amount} back on my statement.",
      "Your screen says {plan}, my statement says {amount}. Which subscription do I have?",
    ],
  },
  bug: {
    plain: [
      "The app crashes on {device} when I {action}.",
      "I get an error every time I try to {action}.",
      "There is a bug in {place}: it fails to load.",
      "{place} is broken since {period}, the button does nothing.",
      "The screen stays blank on {device} after I {action}.",
      "Error 500 in {place} when I {action}.",
      "The app fails to load on {device} since {period}.",
      "I found a bug: it freezes as soon as I {action}.",
    ],
    veiled: [
      "When I {action} in {place}, nothing happens and the spinner keeps turning.",
      "Since the update in {period} {place} hangs on {device}.",
      "{place} shows yesterday's numbers on {device}, although I refreshed it.",
      "My changes disappear when I {action}, it worked until {period}.",
      "On {device} the text overlaps in {place} and I cannot {action}.",
      "Sync stopped working between {device} and {place}.",
      "The notification arrives twice on {device} whenever I {action}.",
      "It logs me out as soon as I {action} on {device}.",
      "Duplicate rows appear in {place} after I {action}.",
      "{place} turns very slow and stopped responding on {device}.",
    ],
    hard: [
      "The invoice list in {place} stays empty on {device} since the update.",
      "When I click on pay in {place}, the spinner keeps turning on {device}.",
      "The price column in {place} disappears when I {action}.",
      "I cannot enter my credit card: {place} hangs on {device}.",
      "I have a question: should {place} really show everything twice after I {action}?",
      "The refund form stopped responding on {device} after the update in {period}.",
    ],
  },
  other: {
    plain: [
      "How do I invite {team} to a workspace?",
      "Is there a guide that explains {place}?",
      "Do you offer training for {team}?",
      "What are your opening hours in {period}?",
      "Could you add a dark theme to {place}?",
      "I just want to say that {place} is wonderful.",
      "Which languages does {place} support?",
      "We would like to become a partner of yours.",
    ],
    veiled: [
      "It would be nice to {action} with a keyboard shortcut in {place}.",
      "Please send the security questionnaire to {team}.",
      "I would like to change the email address of {team}.",
      "Please delete the account of {team}, we no longer work together.",
      "Do you plan an integration with {place} of other tools?",
      "A journalist asks whether you have a press kit from {period}.",
      "Where do I find the roadmap for {period}?",
      "My compliments for the new design of {place}.",
      "Are you hiring? I saw nothing about jobs since {period}.",
      "Can {team} have a demo in {period}?",
    ],
    hard: [
      "Is there a guide on how to read the invoices in {place}? Everything is right, I am only curious.",
      "It would be nice to see the price in {place} while I {action}, as an idea for the roadmap.",
      "No error at all this time, my compliments: {place} finally works on {device}.",
      "Do you plan an integration with a bank or a card provider?",
      "I want to report that your payment partner sends me advertising, please unsubscribe {team}.",
      "Could I get training on the crash reports in {place} for {team}?",
    ],
  },
};

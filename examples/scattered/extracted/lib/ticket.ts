/** What a ticket is, wherever it comes from. */

export interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly body: string;
  readonly customer: Customer;
  readonly tags: readonly string[];
  /** Absent until somebody looked at it. */
  readonly priority?: number;
}

interface Customer {
  readonly name: string;
  readonly plan: "free" | "pro";
}

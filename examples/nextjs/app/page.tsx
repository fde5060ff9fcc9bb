/** The desk: a form, and what became of the ticket, sorted while the page is rendered. */
import { sortTicket } from "../lib/sort-ticket";
import { Answer } from "./answer";
import { Feedback } from "./feedback";

const EXAMPLE = "I was charged twice this month, please refund one of the two payments.";

interface Search {
  readonly searchParams: Promise<{ readonly ticket?: string; readonly user?: string }>;
}

export default async function Page({ searchParams }: Search) {
  const { ticket, user = "ada" } = await searchParams;
  const sorted = ticket && (await sortTicket(ticket, user));
  return (
    <>
      <form>
        <label htmlFor="ticket">Ticket</label>
        <textarea id="ticket" name="ticket" rows={4} required defaultValue={ticket ?? EXAMPLE} />
        <label htmlFor="user">User</label>
        <input id="user" name="user" defaultValue={user} />
        <button type="submit">Send</button>
      </form>
      {sorted && (
        <section>
          <p>
            Sorted as <strong>{sorted.label}</strong>
          </p>
          <p className="which">
            {sorted.version === null ? "the text in the code" : `version v${sorted.version}`}, execution{" "}
            {sorted.execution}
          </p>
          <Answer ticket={ticket} user={user} />
          {sorted.execution && <Feedback execution={sorted.execution} />}
        </section>
      )}
    </>
  );
}

/** Asks whether the label was right; what a person says is an outcome of the execution. */
import type { ExecutionId } from "colophon";
import { colophon } from "../lib/colophon";

export function Feedback({ execution }: { readonly execution: string }) {
  async function say(form: FormData): Promise<void> {
    "use server";
    colophon.outcome(form.get("execution") as ExecutionId, {
      name: "thumbs",
      value: form.get("right") === "yes",
    });
  }
  return (
    <form action={say}>
      <input type="hidden" name="execution" value={execution} />
      <button type="submit" name="right" value="yes">
        That was right
      </button>
      <button type="submit" name="right" value="no">
        That was wrong
      </button>
    </form>
  );
}

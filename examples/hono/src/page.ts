/** The page of the service, in one piece: a form, and what becomes of a ticket. */

const NOTE = "The model behind this page is a SIMULATION, a small local server that reads its prompt.";

export function page(simulated: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Support desk</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d8d5cd, #3b3a37); --soft: light-dark(#6b675f, #a39e94); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem;
    background: light-dark(#faf9f6, #1b1a18); color: light-dark(#22201c, #ece9e2); }
  h1 { font: 600 1.8rem/1.2 Georgia, serif; }
  textarea, input { width: 100%; box-sizing: border-box; font: inherit; padding: .6rem; border: 1px solid var(--line);
    border-radius: 6px; background: transparent; color: inherit; }
  label { display: block; margin: 1rem 0 .3rem; color: var(--soft); }
  button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: transparent;
    color: inherit; cursor: pointer; margin: 1rem .5rem 0 0; }
  button[type=submit] { background: #8a3b2a; border-color: #8a3b2a; color: #fff; }
  .note { border-left: 3px solid #c9a227; padding: .3rem .8rem; color: var(--soft); }
  #result { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 1rem; }
  #label { font-weight: 600; }
  #which { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
</style>
<h1>Support desk</h1>
${simulated ? `<p class="note">${NOTE}</p>` : ""}
<form id="form">
  <label for="ticket">Ticket</label>
  <textarea id="ticket" rows="4" required>I was charged twice this month, please refund one of the two payments.</textarea>
  <label for="user">User</label>
  <input id="user" value="ada">
  <button type="submit">Send</button>
</form>
<section id="result" hidden>
  <p>Sorted as <span id="label"></span></p>
  <p id="text" aria-live="polite"></p>
  <p id="which"></p>
  <button id="right">That was right</button><button id="wrong">That was wrong</button>
</section>
<script type="module">
  const at = (id) => document.getElementById(id);
  let execution;
  at("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    at("text").textContent = at("which").textContent = at("label").textContent = "";
    const body = JSON.stringify({ ticket: at("ticket").value, user: at("user").value || undefined });
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/tickets/answer", { method: "POST", headers, body });
    at("result").hidden = false;
    const read = {
      sorted(data) {
        execution = data.execution;
        at("label").textContent = data.label;
        at("which").textContent = (data.version === null ? "the text in the code" : "version v" + data.version) +
          ", execution " + data.execution;
      },
      text(data) { at("text").textContent += data; },
    };
    let rest = "";
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + piece).split("\\n\\n");
      rest = events.pop();
      for (const one of events) {
        const [, name, data] = /^event: (.*)\\ndata: (.*)$/.exec(one) ?? [];
        read[name]?.(JSON.parse(data));
      }
    }
  });
  for (const [id, right] of [["right", true], ["wrong", false]]) {
    at(id).addEventListener("click", async () => {
      const headers = { "content-type": "application/json" };
      await fetch("/executions/" + execution + "/feedback", { method: "POST", headers, body: JSON.stringify({ right }) });
      at("which").textContent += right ? " · noted: right" : " · noted: wrong";
    });
  }
</script>
</html>`;
}

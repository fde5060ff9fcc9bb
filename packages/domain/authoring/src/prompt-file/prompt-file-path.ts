/** Says which key a prompt file has by its path, and where the file of a key is. */

const ENDING = ".prompt";
/** Names that Windows keeps for devices, whatever ending they have. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * `support/ticket-triage.prompt` is `support.ticket-triage`, and the partial `shared/_tone.prompt` is
 * `shared.tone`. Whether it is a key at all says `readPromptFile`.
 *
 * @param path of the file, from the folder of the prompts on.
 */
export function keyOfPath(path: string): string {
  const steps = path.split(/[/\\]/).filter((step) => step !== "" && step !== ".");
  const file = steps.pop() ?? "";
  const name = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : file;
  return [...steps, name.replace(/^_/, "")].join(".");
}

/**
 * The path of a key from the folder of the prompts on. `keyOfPath` leads back, save for keys that a path
 * cannot say (with `/`, with a step that begins with `_`, …): such a file says its name itself. Two such
 * keys may come to one path: `a/b` and `a.b` do.
 */
export function pathOfKey(key: string): string {
  const steps = key.split(/[./]/).filter((step) => step !== "");
  return `${steps.map((step) => (DEVICE.test(step) ? `${step}_` : step)).join("/")}${ENDING}`;
}

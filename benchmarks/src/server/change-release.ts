/** Releases and rolls back as somebody would over HTTP, and says when it was asked for and answered. */
import { ENVIRONMENT } from "../workload/prompt-registry.ts";
import { servedPrompt } from "./served-store.ts";

/** Milliseconds since the epoch with their fraction. */
export interface Changed {
  readonly revision: number;
  readonly asked: number;
  readonly answered: number;
}

export interface ChangeRequest {
  readonly port: number;
  readonly key: string;
  /** `forward` releases the second version, `back` rolls back to the first. */
  readonly way: "forward" | "back";
}

/** @throws Error where nothing changed. */
export async function changeRelease({ port, key, way }: ChangeRequest): Promise<Changed> {
  const said = { environment: ENVIRONMENT, reason: "measured" };
  const [path, body] = way === "back" ? ["rollbacks", said] : ["releases", { ...said, version: 2 }];
  const asked = performance.timeOrigin + performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/v1/projects/~/prompts/${servedPrompt(0)}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const answered = performance.timeOrigin + performance.now();
  const { revision = null } = answer.ok ? (JSON.parse(text) as { readonly revision?: number | null }) : {};
  if (revision === null) throw new Error(`The server answered ${answer.status} to ${path}: ${text}`);
  return { revision, asked, answered };
}

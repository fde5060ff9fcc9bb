/** The routes of sign-in, with what they changed and refused in the audit log. */
import type { Person } from "@colophon/kernel";
import type { Context, Hono } from "hono";
import { auditChange } from "../operations/run-operation.ts";
import type { ServerParts } from "../server-parts.ts";
import type { RequestEnv } from "../server-variables.ts";
import { NOBODY } from "./note-refusal.ts";
import type { RateLimits } from "./rate-limits.ts";

interface SignInParts extends Pick<ServerParts, "desk"> {
  readonly rates: RateLimits;
}

const PASSWORD = "member.password";

/** What the audit log calls it. */
function actionOf(path: string): string {
  if (path.includes("/sign-in/")) return "session.begin";
  return path.endsWith("/change-password") ? PASSWORD : "session.end";
}

/** What changes something counts by address: nobody is known there yet. */
export function addSignInRoutes(app: Hono<RequestEnv>, parts: SignInParts): void {
  const { desk, rates } = parts;
  app.get("/auth/*", (context) => desk.signIn.handle(context.req.raw, context.var.address));
  app.post("/auth/*", async (context) => {
    await rates.countStranger(context.var.address);
    // Asked before: afterwards there may be no session any more.
    const person = await desk.signIn.personOf(context.req.raw.headers);
    const answer = await desk.signIn.handle(context.req.raw, context.var.address);
    await note(parts, context, { person, status: answer.status });
    return answer;
  });
}

/** A sign-in that succeeds changes nothing; a password that is wrong is a refusal wherever it is asked for. */
async function note(
  { desk, rates }: SignInParts,
  context: Context<RequestEnv>,
  { person, status }: { readonly person: Person | undefined; readonly status: number },
): Promise<void> {
  const action = actionOf(context.req.path);
  const isDone = status < 300 && person !== undefined && action !== "session.begin";
  const isRefused = status === 401 || status === 403 || (status === 400 && action === PASSWORD);
  if (!isDone && !isRefused) return;
  const { address } = context.var;
  if (isRefused && !(await rates.mayNote(address))) return;
  await auditChange(desk, {
    ...{ action, project: null, environment: null, allowed: isDone },
    actor: person === undefined ? NOBODY : { id: person.email, via: "server" },
    target: person?.email ?? null,
    detail: isRefused ? `not-signed-in, from ${address}` : null,
  });
}

/** Mirrors what the code declares into a server's registry. */
import type { MirroredDeclaration } from "@colophon/authoring/registration";
import { errorCodeOf, type RandomSource } from "@colophon/kernel";
import type { AnyPrompt } from "../define/prompt.ts";
import { commitOf, declarationOf } from "../embedded/declaration-of.ts";
import type { MirrorParts } from "../embedded/mirror.ts";
import type { Variables } from "../open-options.ts";
import { backoff } from "./backoff.ts";
import type { RemotePace } from "./remote-pace.ts";
import { refusalDetails, type ServerCalls } from "./server-calls.ts";

export interface DeclareParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly application: string | null;
  readonly number: boolean;
  readonly variables: Variables;
  readonly random: RandomSource;
  readonly pace: RemotePace;
  readonly onNotice: (message: string) => void;
}

/** What a mirror needs to reach a server. */
export function declareRemotely(parts: DeclareParts): MirrorParts {
  const { onNotice, pace, random } = parts;
  return {
    onNotice,
    register: (prompts) => register(prompts, parts),
    async retry(error, tries) {
      if (!mayPass(error)) {
        onNotice(`the prompts in the code are not mirrored: ${(error as Error).message}`);
        return false;
      }
      const asked = refusalDetails(error)?.retryAfter ?? 0;
      const pause = Math.max(asked, backoff(tries, pace.ship, random));
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
      return true;
    },
  };
}

async function register(
  prompts: readonly AnyPrompt[],
  { calls, environment, application, number, variables }: DeclareParts,
): Promise<readonly MirroredDeclaration[]> {
  const declarations = prompts.map(declarationOf);
  const commit = commitOf(variables);
  const body = { application, environment, number, declarations, commit };
  const { text } = await calls.call({ method: "POST", path: "/declarations", body });
  return calls.read(text) as readonly MirroredDeclaration[];
}

/** A server that is away is told by the snapshot's source, once for both. */
function mayPass(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === "store-unavailable" || code === "store-busy" || code === "too-many-requests";
}

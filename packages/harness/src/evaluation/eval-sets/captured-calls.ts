/** Reads calls of the ledger whose variables were captured, as cases can be made of them. */
import { isFields } from "@colophon/evaluation";
import type { Execution, ExecutionFilter, StoredContents } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface CapturedExecution {
  readonly execution: Execution;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly output: string | null;
}

/** Why a case cannot be made of a call. */
export interface NotCaptured {
  readonly reason: typeof NOT_CAPTURED | typeof MEDIA_NOT_KEPT;
}

const NOT_CAPTURED = "contents not captured";
const MEDIA_NOT_KEPT = "media are not kept with captured contents";

/** Without contents where the variables were not captured, are gone, or were redacted to something else. */
export async function capturedCall(
  harness: Harness,
  execution: Execution,
): Promise<CapturedExecution | NotCaptured> {
  const contents = await harness.ledger.findContents(execution.id);
  const variables = readVariables(contents);
  if (variables === undefined) return { reason: NOT_CAPTURED };
  if (holdsMedium(variables)) return { reason: MEDIA_NOT_KEPT };
  return { execution, variables, output: contents?.output ?? null };
}

function readVariables(contents: StoredContents | undefined): CapturedExecution["variables"] | undefined {
  const text = contents?.variables ?? null;
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Captured contents have the hash of a medium in its place. */
function holdsMedium(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { media } = value as { readonly media?: unknown };
  return (typeof media === "string" && media.startsWith("sha256:")) || Object.values(value).some(holdsMedium);
}

const PAGE = 500;

/** Rows of the window, the newest first, page by page: a ledger may be large. */
export async function* scanExecutions(
  harness: Harness,
  filter: Omit<ExecutionFilter, "limit" | "order">,
): AsyncGenerator<readonly Execution[]> {
  let { until } = filter;
  let seen = new Set<string>();
  for (let limit = PAGE; ; ) {
    const page = await harness.ledger.listExecutions({
      ...filter,
      ...(until === undefined ? {} : { until }),
      limit,
    });
    const rows = page.filter(({ id }) => !seen.has(id));
    yield rows;
    const last = page.at(-1);
    if (page.length < limit || last === undefined) return;
    // Rows of the last millisecond are read again, since some of them may be on the next page.
    if (rows.length === 0) limit *= 2;
    until = last.at + 1;
    seen = new Set(page.filter(({ at }) => at === last.at).map(({ id }) => id));
  }
}

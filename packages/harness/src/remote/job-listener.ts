/** Whoever waits for a job that a server does. */
import type { RunEstimate, RunProgress } from "@colophon/evaluation";

export interface JobListener {
  /** Asks the server to end the job. */
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: (message: string) => void;
  readonly onEstimate?: (estimate: RunEstimate) => void;
  readonly onProgress?: (progress: RunProgress) => void;
}

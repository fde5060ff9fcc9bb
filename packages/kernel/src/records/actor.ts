/** Who wrote a record, and through which face. */
import type { Face } from "../vocabulary.ts";

export interface Actor {
  /** A login name, an API key's id or a process name; never a secret. */
  readonly id: string;
  readonly via: Face;
  /** The person whose API key `id` is; absent where `id` is the person, or a process. */
  readonly owner?: string;
}

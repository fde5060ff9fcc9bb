/** Who hears of new revisions of a log as they are committed. */
import type { Revision } from "@colophon/kernel";

export interface RevisionListener {
  /** The log has come to this revision, or stood there when listening began; several steps may come as one. */
  onRevision(revision: Revision): void;
  /** Nothing is heard any more; it is tried again, and what was missed is told then. */
  onLost?(error: Error): void;
}

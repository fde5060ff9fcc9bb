/** The type of a client's arguments by whether a streamed answer is asked for: clients choose their overload by it. */

/** What the application asks for besides the prompt. */
export interface StreamOptions {
  /** A streamed answer. */
  readonly stream?: boolean;
}

/** `Streamed` where `stream` is true for certain, either where nobody knows, `Whole` otherwise. */
export type StreamedCall<Whole, Streamed, O extends StreamOptions> = O extends { readonly stream: true }
  ? Whole & Streamed
  : "stream" extends keyof O
    ? true extends O["stream"]
      ? Whole & { stream?: boolean }
      : Whole
    : Whole;

/** Takes a stream of server-sent events apart, however it is cut (WHATWG HTML, §9.2.6). */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** Null where the server gave none. */
  readonly id: string | null;
}

/** Characters of an event that is not whole yet; a longer one is none of this server. */
const EVENT_LIMIT = 256 * 1024 * 1024;

export class EventParser {
  #line = "";
  #wasReturn = false;
  #name = "message";
  #data: string[] = [];
  #length = 0;
  #id: string | null = null;

  /**
   * The events that a piece of the stream completes.
   *
   * @throws Error for an event without end.
   */
  push(piece: string): readonly ServerEvent[] {
    const events: ServerEvent[] = [];
    // "\r\n" may be cut in two; its second half ends no line of its own.
    const text = this.#wasReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    if (piece !== "") this.#wasReturn = piece.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    for (const [index, part] of lines.entries()) {
      this.#line += part;
      if (index === lines.length - 1) break;
      const event = this.#endLine(this.#line);
      this.#line = "";
      if (event !== undefined) events.push(event);
    }
    if (this.#length + this.#line.length > EVENT_LIMIT) throw new Error("an event has no end");
    return events;
  }

  #endLine(line: string): ServerEvent | undefined {
    if (line === "") return this.#endEvent();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    else if (field === "id") this.#id = value;
    else if (field === "data") {
      this.#data.push(value);
      this.#length += value.length;
    }
    return undefined;
  }

  #endEvent(): ServerEvent | undefined {
    const event = { name: this.#name, data: this.#data.join("\n"), id: this.#id };
    const isEvent = this.#data.length > 0 || this.#name !== "message";
    this.#name = "message";
    this.#data = [];
    this.#length = 0;
    this.#id = null;
    // Browsers drop events without data; `reset` and `bye` have none.
    return isEvent ? event : undefined;
  }
}

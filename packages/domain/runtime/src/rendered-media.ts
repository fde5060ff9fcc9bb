/** The media of a rendered call as records know them: by hash, never by bytes. */
import {
  isMedium,
  type Media,
  type MediaSource,
  type Message,
  mediaIdentity,
  type Part,
  readMedia,
  type Sha256,
} from "@colophon/kernel";

/** The SHA-256 (64 hex digits) of a medium's address, file id or bytes. */
export type MediaHash = (source: MediaSource) => string;

/** What the records of a call say of its media. */
export interface RenderedMedia {
  /** The variables as they may be kept, a `KeptMedium` in the place of each medium. */
  readonly kept: Readonly<Record<string, unknown>>;
  /** The variables that hold no media. */
  readonly texts: Readonly<Record<string, unknown>>;
  /** The media that went into the messages, each once. */
  readonly parts: readonly Part[];
  readonly hash: MediaHash;
}

/** What contents keep of a medium. */
export interface KeptMedium {
  readonly media: string;
  readonly mediaType?: string;
  readonly filename?: string;
  /** Without query, fragment and credentials. */
  readonly url?: string;
  readonly fileId?: string;
  /** How many there were. */
  readonly bytes?: number;
}

export interface MediaToRead {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly messages: readonly Message[];
  /** Messages among them that are not the prompt's own. */
  readonly history: readonly Message[];
  /** Where media are in the variables, by the contract: `photo`, `pages[]`. */
  readonly paths: ReadonlySet<string>;
}

/** Reads the media of a call; each is hashed once. */
export function renderedMedia(call: MediaToRead, sha256: Sha256): RenderedMedia {
  const hash = mediaHash(sha256);
  const kept: Record<string, unknown> = { ...call.variables };
  const texts: Record<string, unknown> = { ...call.variables };
  for (const path of call.paths) {
    const name = path.replace("[]", "");
    const value = call.variables[name];
    delete texts[name];
    if (value === undefined) continue;
    const keep = (one: unknown) => keptMedium(name, one, hash);
    kept[name] = path === name ? keep(value) : Array.isArray(value) ? value.map(keep) : null;
  }
  const own = call.messages.filter((message) => !call.history.includes(message));
  return { kept, texts, parts: partsOf(own, hash), hash };
}

/** Each identity is hashed once, however often it is asked for. */
export function mediaHash(sha256: Sha256): MediaHash {
  const known = new Map<string | Uint8Array, string>();
  return (source) => {
    const identity = mediaIdentity(source);
    const hash = known.get(identity) ?? sha256(identity);
    known.set(identity, hash);
    return hash;
  };
}

/** Messages in which media stand by their hashes: what a rendered hash is taken over. */
export function messagesByHash(messages: readonly Message[], hash: MediaHash): readonly unknown[] {
  return messages.map((message) => {
    const { parts } = message;
    return parts === undefined
      ? message
      : { ...message, parts: parts.map((part) => (part.type === "media" ? byHash(part.media, hash) : part)) };
  });
}

function byHash({ source, ...rest }: Media, hash: MediaHash): object {
  return { type: "media", media: { ...rest, hash: hash(source) } };
}

/** A value that no body printed was never looked at, and may be no medium at all. */
function keptMedium(name: string, value: unknown, hash: MediaHash): KeptMedium | null {
  if (!isMedium(value)) return null;
  const { source, mediaType, filename } = readMedia(name, value);
  return {
    media: `sha256:${hash(source)}`,
    ...(mediaType === null ? {} : { mediaType }),
    ...(filename === null ? {} : { filename }),
    ...("url" in source
      ? { url: withoutSecrets(source.url) }
      : "fileId" in source
        ? { fileId: source.fileId }
        : { bytes: source.bytes.length }),
  };
}

/** Signatures and passwords stand in the query, the fragment and before the host. */
function withoutSecrets(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/i, "$1");
}

function partsOf(messages: readonly Message[], hash: MediaHash): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const message of messages) {
    for (const part of message.parts ?? []) {
      if (part.type !== "media") continue;
      const { name, source } = part.media;
      const one: Part = { kind: "media", name, version: null, hash: hash(source) };
      parts.set(`${name} ${one.hash}`, one);
    }
  }
  return [...parts.values()];
}

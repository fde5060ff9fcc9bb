/** Media: images, documents, sound and film that a variable can hold beside text. */
import { HarnessError } from "./errors.ts";
import { say, words } from "./say.ts";

/** Where the bytes of a medium are. */
export type MediaSource =
  | { readonly url: string }
  /** The id that the provider gave the file when it was uploaded. */
  | { readonly fileId: string }
  | { readonly bytes: Uint8Array };

/** A medium as an application passes it for a media variable. */
export type MediaValue = MediaSource & {
  /** IANA media type such as `image/png`; needed for bytes, useful for the rest. */
  readonly mediaType?: string;
  readonly filename?: string;
};

/** A medium in a rendered message. */
export interface Media {
  /** The variable that it came from. */
  readonly name: string;
  readonly source: MediaSource;
  readonly mediaType: string | null;
  readonly filename: string | null;
}

type MediaFields = Readonly<Partial<Record<string, unknown>>>;

const SOURCES = ["url", "fileId", "bytes"] as const;
const FIELDS: readonly string[] = [...SOURCES, "mediaType", "filename"];
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/;

/**
 * Why a value is no medium, as the rest of a sentence about it that never quotes the value;
 * undefined for a medium.
 */
export function mediaProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return say`is no medium: pass { url }, { fileId } or { bytes, mediaType }`;
  }
  const fields = value as MediaFields;
  const given = SOURCES.filter((name) => fields[name] !== undefined);
  if (given.length !== 1) {
    const what = words(() => given.join(" and ") || "neither url, fileId nor bytes");
    return say`has ${what}: pass exactly one of url, fileId and bytes`;
  }
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    return say`has the field ${unknown}: a medium has only ${words(() => FIELDS.join(", "))}`;
  return sourceProblem(fields) ?? typeProblem(fields);
}

function sourceProblem({ url, fileId, bytes }: MediaFields): string | undefined {
  if (url !== undefined) {
    if (typeof url !== "string" || !/^[a-z][a-z\d+.-]*:./i.test(url)) {
      return say`has a url that is no absolute address: pass one such as https://host/path`;
    }
    // Its base64 would be kept wherever addresses are.
    return /^data:/i.test(url) ? say`is a data: address: pass its bytes` : undefined;
  }
  if (fileId !== undefined) {
    return typeof fileId === "string" && fileId !== "" ? undefined : say`has a fileId that is no text`;
  }
  if (!isBytes(bytes)) return say`has bytes that are no Uint8Array`;
  return bytes.length === 0 ? say`has no bytes in it: pass those of a file` : undefined;
}

function typeProblem({ bytes, mediaType, filename }: MediaFields): string | undefined {
  if (mediaType === undefined && bytes !== undefined)
    return say`has bytes of no known kind: pass mediaType too`;
  if (mediaType !== undefined && (typeof mediaType !== "string" || !MEDIA_TYPE.test(mediaType))) {
    return say`has a mediaType that is none: pass one such as image/png`;
  }
  if (filename !== undefined && typeof filename !== "string") return say`has a filename that is no text`;
  return undefined;
}

/** Also bytes of another realm, which test runners and worker pools hand around. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/**
 * The medium that a variable holds; its bytes by reference.
 *
 * @throws HarnessError `variable-type` for a value that is none.
 */
export function readMedia(name: string, value: unknown): Media {
  const problem = mediaProblem(value);
  if (problem !== undefined) {
    throw new HarnessError("variable-type", say`Variable ${name} ${problem}.`, { details: { path: name } });
  }
  const { mediaType = null, filename = null, ...given } = value as MediaValue & Record<string, unknown>;
  const { url, fileId, bytes } = given as { url?: string; fileId?: string; bytes: Uint8Array };
  const source = url !== undefined ? { url } : fileId !== undefined ? { fileId } : { bytes };
  return { name, source, mediaType, filename };
}

/** What a medium is known by: its address, its file id or its bytes. */
export function mediaIdentity(source: MediaSource): string | Uint8Array {
  return "url" in source ? source.url : "fileId" in source ? source.fileId : source.bytes;
}

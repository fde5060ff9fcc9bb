/** Media: images, documents, sound and film that a variable can hold beside text. */
import { HarnessError } from "./errors.ts";
import { isObject, saidFields } from "./said-fields.ts";
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

const FIELD = /^(?:url|fileId|bytes|mediaType|filename)$/;
const ADDRESS = /^(?!data:)[a-z][a-z\d+.-]*:./i;
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/;

/** Whether a value is a medium: has one source, and nothing that a medium has not. */
export function isMedium(value: unknown): value is MediaValue {
  const { url, fileId, bytes, mediaType, filename = "" } = Object(value) as MediaFields;
  return (
    [url, fileId, bytes].filter((one) => one !== undefined).length === 1 &&
    (isText(url, ADDRESS) || isText(fileId, /./s) || (isBytes(bytes) && bytes.length > 0)) &&
    (mediaType === undefined ? bytes === undefined : isText(mediaType, MEDIA_TYPE)) &&
    typeof filename === "string" &&
    // Last, since a text or bare bytes, passed by mistake, have a field for each letter or byte.
    Object.keys(value as object).every((name) => FIELD.test(name))
  );
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}

/** Also bytes of another realm, which test runners and worker pools hand around. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/**
 * Why a value is no medium, as the rest of a sentence about it that never quotes the value;
 * undefined for a medium.
 */
export function mediaProblem(value: unknown): string | undefined {
  return isMedium(value) ? undefined : words(() => whyNot(value));
}

const SOURCES: readonly string[] = ["url", "fileId", "bytes"];

function whyNot(value: unknown): string {
  if (!isObject(value)) return "is no medium: pass { url }, { fileId } or { bytes, mediaType }";
  const { url, fileId, bytes, mediaType } = value;
  const given = SOURCES.filter((name) => value[name] !== undefined);
  if (given.length !== 1) {
    const what = given.join(" and ") || "neither url, fileId nor bytes";
    return `has ${what}: pass exactly one of url, fileId and bytes`;
  }
  const unknown = Object.keys(value).find((name) => !FIELD.test(name));
  if (unknown !== undefined) {
    return `has the field ${unknown}: a medium has only ${SOURCES.join(", ")}, mediaType, filename`;
  }
  // Its base64 would be kept wherever addresses are.
  if (isText(url, /^data:/i)) return "is a data: address: pass its bytes";
  if (url !== undefined && !isText(url, ADDRESS)) {
    return "has a url that is no absolute address: pass one such as https://host/path";
  }
  if (fileId !== undefined && !isText(fileId, /./s)) return "has a fileId that is no text";
  if (bytes !== undefined && !isBytes(bytes)) return "has bytes that are no Uint8Array";
  if (bytes?.length === 0) return "has no bytes in it: pass those of a file";
  if (mediaType === undefined && bytes) return "has bytes of no known kind: pass mediaType too";
  return mediaType === undefined || isText(mediaType, MEDIA_TYPE)
    ? "has a filename that is no text"
    : "has a mediaType that is none: pass one such as image/png";
}

/**
 * The medium that a variable holds; its bytes by reference.
 *
 * @throws HarnessError `variable-type` for a value that is none.
 */
export function readMedia(name: string, value: unknown): Media {
  if (!isMedium(value)) {
    throw new HarnessError("variable-type", say`Variable ${name} ${words(() => whyNot(value))}.`, {
      details: { path: name },
    });
  }
  const { url, fileId, bytes, mediaType = null, filename = null } = value as MediaFields & MediaValue;
  return { name, source: saidFields({ url, fileId, bytes }) as MediaSource, mediaType, filename };
}

/** What a medium is known by: its address, its file id or its bytes. */
export function mediaIdentity(source: MediaSource): string | Uint8Array {
  return "url" in source ? source.url : "fileId" in source ? source.fileId : source.bytes;
}

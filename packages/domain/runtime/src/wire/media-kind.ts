/** What a medium is, for clients that have a shape of their own for each kind. */
import { base64, HarnessError, type Media } from "@colophon/kernel";

export type MediaKind = "image" | "audio" | "video" | "document";

const ENDINGS: readonly (readonly [RegExp, MediaKind])[] = [
  [/\.(pdf|txt|md|csv|json|html?|docx?|xlsx?|pptx?)$/i, "document"],
  [/\.(mp3|wav|m4a|ogg|flac)$/i, "audio"],
  [/\.(mp4|mov|webm|mkv)$/i, "video"],
];

/** By the media type, else by the ending of the name; an image where neither says anything. */
export function mediaKind({ mediaType, filename, source }: Media): MediaKind {
  const major = mediaType?.split("/")[0];
  if (major === "image" || major === "audio" || major === "video") return major;
  if (mediaType !== null) return "document";
  const name = filename ?? ("url" in source ? source.url.replace(/[?#].*$/s, "") : "");
  return ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? "image";
}

/** Bytes as a `data:` URL. */
export function dataUrl(bytes: Uint8Array, mediaType: string): string {
  return `data:${mediaType};base64,${base64(bytes)}`;
}

/** The error for a medium that an endpoint does not take. */
export function mediaRefused({ name, mediaType, source }: Media, endpoint: string): HarnessError {
  const how = "url" in source ? "by its url" : "fileId" in source ? "by its file id" : "as bytes";
  return new HarnessError(
    "variable-type",
    `{{${name}}} is ${mediaType ?? "a medium without a media type"} ${how}, which ${endpoint} cannot take in this message; pass it another way, or call another endpoint.`,
  );
}

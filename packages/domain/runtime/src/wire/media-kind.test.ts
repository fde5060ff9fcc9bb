/** Tests what a medium is taken for. */
import type { Media, MediaSource } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { dataUrl, mediaKind, mediaRefused } from "./media-kind.ts";

const medium = (source: MediaSource, more: Partial<Media> = {}): Media => ({
  name: "file",
  source,
  mediaType: null,
  filename: null,
  ...more,
});
const url = (address: string, more: Partial<Media> = {}): Media => medium({ url: address }, more);

describe("mediaKind", () => {
  it.each([
    ["image", url("https://x/a", { mediaType: "image/png" })],
    ["audio", url("https://x/a.png", { mediaType: "audio/mpeg" })],
    ["video", url("https://x/a", { mediaType: "video/mp4" })],
    ["document", url("https://x/a", { mediaType: "application/pdf" })],
    ["document", url("https://x/a", { mediaType: "text/plain" })],
    ["document", url("https://x/a.PDF?signature=b.png")],
    ["audio", url("https://x/a.mp3#t=1")],
    ["video", medium({ fileId: "f" }, { filename: "film.mp4" })],
    ["image", url("https://x/a")],
    ["image", medium({ fileId: "f" })],
  ])("is %s", (kind, media) => {
    expect(mediaKind(media)).toBe(kind);
  });

  it("writes bytes as a data URL", () => {
    expect(dataUrl(new Uint8Array([1, 2, 3]), "image/png")).toBe("data:image/png;base64,AQID");
  });

  it("names the variable, and not what is in it, where an endpoint cannot take it", () => {
    const { code, message } = mediaRefused(url("https://secret/"), "messages");
    expect([code, message]).toEqual(["variable-type", expect.stringContaining("{{file}}")]);
    expect(message).not.toContain("secret");
  });
});

/** Tests what passes for a medium, and what is said of the rest. */
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { errorCodeOf } from "./errors.ts";
import { mediaIdentity, mediaProblem, readMedia } from "./media.ts";

const bytes = new Uint8Array([1, 2, 3]);

describe("a medium", () => {
  it.each([
    [{ url: "https://img.example/cat.png?sig=1" }],
    [{ url: "gs://bucket/film.mp4", mediaType: "video/mp4" }],
    [{ fileId: "file-7", filename: "report.pdf" }],
    [{ bytes, mediaType: "image/svg+xml; charset=utf-8" }],
    [{ bytes: Buffer.from("x"), mediaType: "text/plain", url: undefined }],
    [{ bytes: runInNewContext("new Uint8Array([1])"), mediaType: "image/png" }],
  ])("is %j", (value) => {
    expect(mediaProblem(value)).toBeUndefined();
  });

  it("may be an object of a class of its own", () => {
    class Photo {
      readonly url = "https://img.example/cat.png";
      get mediaType(): string {
        return "image/png";
      }
    }
    expect(readMedia("photo", new Photo())).toMatchObject({ mediaType: "image/png" });
  });

  it("is read into its source, type and name, bytes by reference", () => {
    const media = readMedia("photo", { bytes, mediaType: "image/png", filename: "cat.png" });
    expect(media).toEqual({ name: "photo", source: { bytes }, mediaType: "image/png", filename: "cat.png" });
    expect(mediaIdentity(media.source)).toBe(bytes);
    expect(readMedia("photo", { fileId: "f" })).toEqual({
      name: "photo",
      source: { fileId: "f" },
      mediaType: null,
      filename: null,
    });
  });
});

describe("what is no medium", () => {
  it.each([
    ["https://secret.example/", /^is no medium/],
    [null, /^is no medium/],
    [[{ url: "https://secret.example/" }], /^is no medium/],
    [bytes, /^has neither url, fileId nor bytes/],
    [{}, /^has neither/],
    [{ url: "https://secret.example/", fileId: "secret" }, /^has url and fileId: pass exactly one/],
    [{ url: "https://secret.example/", mimeType: "secret" }, /^has the field mimeType/],
    [{ url: "https://secret.example/", mimeType: undefined }, /^has the field mimeType/],
    [{ url: "/secret.png" }, /^has a url that is no absolute address/],
    [{ url: 7 }, /^has a url that is no absolute address/],
    [{ url: "data:image/png;base64,secret" }, /^is a data: address: pass its bytes/],
    [{ url: "DATA:,secret" }, /^is a data: address/],
    [{ fileId: "" }, /^has a fileId that is no text/],
    [{ bytes: [1, 2], mediaType: "image/png" }, /^has bytes that are no Uint8Array/],
    [{ bytes: "secret", mediaType: "image/png" }, /^has bytes that are no Uint8Array/],
    [{ bytes: new Uint8Array(), mediaType: "image/png" }, /^has no bytes in it/],
    [{ bytes }, /^has bytes of no known kind: pass mediaType too/],
    [{ url: "https://secret.example/", mediaType: "secret" }, /^has a mediaType that is none/],
    [{ url: "https://secret.example/", filename: 7 }, /^has a filename that is no text/],
  ])("is %j, and is never quoted", (value, problem) => {
    expect(mediaProblem(value)).toMatch(problem);
    expect(mediaProblem(value)).not.toContain("secret");
    expect(() => readMedia("photo", value)).toThrow(/^Variable photo (?:is|has) /);
    try {
      readMedia("photo", value);
    } catch (error) {
      expect(errorCodeOf(error)).toBe("variable-type");
    }
  });

  it("is not gone through field by field, however long the text or the bytes that were passed instead", () => {
    const ownKeys = (): never => {
      throw new Error("gone through");
    };
    expect(mediaProblem(new Proxy({}, { ownKeys }))).toMatch(/^has neither/);
  });
});

/** Runs the golden vectors of resolution, which other SDKs run too. */
import { readFileSync } from "node:fs";
import { hashText, type SnapshotDocument, unitDraw, type VersionText } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { ResolveContext } from "./declaration.ts";
import type { Resolution } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import { declarationOf, pinnedHandle } from "./runtime.fixture.ts";
import { buildSnapshot } from "./snapshot.ts";

interface Vector {
  readonly name: string;
  /** Name of the document below; none before the first snapshot. */
  readonly document: string | null;
  readonly declaration:
    | { readonly key: string; readonly text: VersionText }
    | { readonly key: string; readonly pinned: number };
  readonly context: ResolveContext;
  readonly space?: {
    readonly environment?: string;
    readonly now?: number;
    readonly off?: boolean;
    readonly pins?: Readonly<Record<string, number>>;
    /** The unit of this call alone. */
    readonly fresh?: string;
  };
  readonly expected: Partial<Resolution> & { readonly text?: string | null };
}

const file = JSON.parse(readFileSync(new URL("../vectors/resolve.json", import.meta.url), "utf8")) as {
  readonly documents: Readonly<Record<string, SnapshotDocument>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly vectors: readonly Vector[];
};

describe("resolution", () => {
  it.each(file.vectors)(
    "comes out as the golden vector: $name",
    ({ document, declaration, context, space = {}, expected }) => {
      const given = document === null ? undefined : file.documents[document];
      const declared =
        "text" in declaration
          ? declarationOf(declaration.key, declaration.text)
          : pinnedHandle(declaration.key, declaration.pinned);
      const { fresh } = space;
      const { resolution, servable } = resolve(declared, context, {
        snapshot: given && buildSnapshot(given),
        stale: false,
        environment: space.environment ?? "development",
        now: space.now ?? 0,
        draw: unitDraw,
        off: space.off ?? false,
        pins: new Map(Object.entries(space.pins ?? {})),
        declarations: new Map(),
        ...(fresh === undefined ? {} : { fresh: () => fresh }),
      });
      const text = servable?.body(context.locale).compiled.render(file.variables)[0]?.content ?? null;
      const { text: words, ...rest } = expected;
      expect(resolution).toMatchObject(rest);
      expect(text).toBe(words);
    },
  );

  it("is told of documents whose hashes are right", () => {
    for (const { texts } of Object.values(file.documents)) {
      for (const [hash, text] of Object.entries(texts)) expect(hashText(text)).toBe(hash);
    }
  });
});

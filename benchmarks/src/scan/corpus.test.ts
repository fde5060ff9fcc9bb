/** Tests that the labels of the corpus point at what is there, and that the large tree is what it is said to be. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { layOut, readCorpus } from "./corpus.ts";
import { LABEL_ROLES } from "./label.ts";
import { growTree } from "./large-tree.ts";
import { SOURCE, sourceLines } from "./source-lines.ts";

const CORPUS = readCorpus();

test("has at least 125 labelled prompts in each half", () => {
  for (const half of ["dev", "held-out"]) {
    const labels = CORPUS.filter((project) => project.half === half).flatMap((project) => project.labels);
    expect(labels.filter(({ optional }) => !optional).length).toBeGreaterThanOrEqual(125);
  }
});

test("labels lines that are there and hold a text, with roles and shapes that exist", () => {
  for (const { name, labels, files } of CORPUS) {
    for (const { file, line, endLine, role = "system", shape, optional, elsewhere = [] } of labels) {
      const stored = files.find((each) => each.file === file);
      expect(stored, `${name}/${file}`).toBeDefined();
      for (const place of [{ file, line, endLine }, ...elsewhere]) {
        const path = files.find((each) => each.file === place.file)?.path ?? "";
        const text = readFileSync(path, "utf8")
          .split("\n")
          .slice(place.line - 1, place.endLine)
          .join("\n");
        expect(text, `${name}/${place.file}:${place.line}`).toMatch(/["'`]|\+/);
      }
      expect(LABEL_ROLES).toContain(role);
      expect(optional === true || shape !== undefined).toBe(true);
    }
  }
});

test("is laid out under real names, without labels or anything else of the bench", () => {
  const { path } = temporaryFolder();
  for (const project of CORPUS) layOut(project, join(path, project.name));
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => /\.txt$|labels\.json$/.test(name))).toEqual([]);
  expect(names.filter((name) => SOURCE.test(name)).length).toBeGreaterThan(150);
});

test("grows a tree of the size that is asked for, the same each time, whose copies share no long names", () => {
  const trees = [1, 2].map(() => {
    const { path } = temporaryFolder();
    const lines = growTree(CORPUS.slice(0, 2), { folder: path, lines: 1_000 });
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => SOURCE.test(name))
      .sort();
    return { lines, files, counted: sourceLines(path), path };
  });
  const [first, again] = trees;
  expect(first?.lines).toBeGreaterThanOrEqual(1_000);
  expect(first?.counted).toBe(first?.lines);
  expect(again?.files).toEqual(first?.files);
  const read = (tree: (typeof trees)[number] | undefined, name: string) =>
    readFileSync(join(tree?.path ?? "", name), "utf8");
  for (const name of first?.files ?? []) expect(read(again, name)).toBe(read(first, name));
  const copies = ["copy-1", "copy-2"].map((copy) => read(first, `${copy}/crew-research/crew/sources.py`));
  expect(copies[0]).toContain("PAYWALL_MARKERS1");
  expect(copies[1]).toContain("PAYWALL_MARKERS2");
});

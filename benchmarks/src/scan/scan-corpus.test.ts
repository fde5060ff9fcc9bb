/** Tests the scan itself against the half of the corpus that it is developed with. */
import { expect, test } from "vitest";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { readCorpus } from "./corpus.ts";
import { scanCorpus } from "./scan-corpus.ts";
import { scoreOf } from "./scan-score.ts";

test("finds at least nine in ten labelled prompts, and at most one in ten that is none", async () => {
  const { path } = temporaryFolder();
  const dev = readCorpus().filter(({ half }) => half === "dev");
  const scanned = await scanCorpus(dev, { folder: path, tests: false });
  const { precision, recall } = scoreOf(scanned.map(({ matching }) => matching));
  expect(precision).toBeGreaterThanOrEqual(0.9);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});

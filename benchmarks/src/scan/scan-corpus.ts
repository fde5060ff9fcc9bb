/** Scans the projects of the corpus, each laid out in a folder of its own, and matches what is found. */
import { join } from "node:path";
import { scanPaths } from "@colophon/harness";
import { type CorpusProject, layOut } from "./corpus.ts";
import { matchFindings } from "./match-findings.ts";

export interface CorpusScan {
  /** Where the projects are laid out. */
  readonly folder: string;
  /** Reads tests and fixtures too, which hold no prompt but much that looks like one. */
  readonly tests: boolean;
}

export async function scanCorpus(corpus: readonly CorpusProject[], { folder, tests }: CorpusScan) {
  const scanned = [];
  for (const project of corpus) {
    const cwd = join(folder, project.half, project.name);
    layOut(project, cwd);
    const { findings } = await scanPaths({ paths: ["."], cwd, tests });
    scanned.push({ project, matching: matchFindings(project.labels, findings) });
  }
  return scanned;
}

export type ScannedProject = Awaited<ReturnType<typeof scanCorpus>>[number];

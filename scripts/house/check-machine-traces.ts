/** Checks that no file names this machine's folders or a package registry, and that the lock file says no address. */
import type { Finding } from "./finding.ts";
import { lineAt } from "./source-file.ts";
import type { SourceTree } from "./source-tree.ts";

const FOLDER =
  /(?<![\w.~@\\-])(?:\/(?:work|root)\/|\/tmp\/bash|\/home\/(?!<)[\w.-]+\/|\/Users\/(?!<)[\w.-]+\/)/g;
const REGISTRY =
  /\bregistry\.npmjs\.org|\bregistry\.yarnpkg\.com|https?:\/\/[^\s"'/]*\b(?:registry|artifactory|nexus)\b|^\s*(?:@[\w-]+:)?registry\s*=/gm;
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|db|sqlite|gz|tgz)$/;

export function checkMachineTraces(tree: SourceTree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.paths) {
    if (BINARY.test(path)) continue;
    const text = tree.read(path);
    for (const { index, 0: found } of text.matchAll(FOLDER)) {
      const message = `"${found}" is a folder of one machine; use a relative or temporary path.`;
      findings.push({ rule: "machine-path", path, line: lineAt(text, index), message });
    }
    for (const { index } of text.matchAll(REGISTRY)) {
      const message = "Names a package registry; leave the choice to each machine's own configuration.";
      findings.push({ rule: "registry", path, line: lineAt(text, index), message });
    }
  }
  return [...findings, ...checkLock(tree)];
}

function checkLock(tree: SourceTree): Finding[] {
  const path = "package-lock.json";
  if (!tree.paths.has(path)) return [];
  const text = tree.read(path);
  const match = /"resolved":\s*"https?:/.exec(text);
  const message =
    "The lock file says download addresses; keep omit-lockfile-registry-resolved in .npmrc and install again.";
  return match ? [{ rule: "lock-address", path, line: lineAt(text, match.index), message }] : [];
}

/** Writes a report as JUnit XML, the form that CI systems count. */
import type { Check, Report } from "./report.ts";

export function renderJunit({ title, checks, reasons }: Report): string {
  const count = (state: Check["state"]): number => checks.filter((one) => one.state === state).length;
  const name = xml(title);
  const counts = `tests="${checks.length}" failures="${count("failed")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="colophon" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...checks.map((check) => testCase(check, name)),
    `    <system-out>${xml(reasons.join("\n"))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({ name, state, message }: Check, suite: string): string {
  const head = `    <testcase classname="${suite}" name="${xml(name)}"`;
  if (state === "passed") return `${head}/>`;
  const element = { failed: "failure", error: "error", skipped: "skipped" }[state];
  return `${head}>\n      <${element} message="${xml(message)}"/>\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML 1.0 has no place for most control characters, not even escaped. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

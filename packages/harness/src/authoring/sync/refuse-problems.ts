/** Refuses files that cannot be read, all of them in one sentence. */
import { type ErrorCode, HarnessError } from "@colophon/kernel";

interface Problem {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** @throws HarnessError with the code of the first problem; nothing without one. */
export function refuseProblems(
  problems: readonly Problem[],
  { what, count }: { readonly what: string; readonly count: number },
): void {
  const [first] = problems;
  if (first === undefined) return;
  const said = problems.map(({ file, message }) =>
    message.includes(file) ? message : `${file}: ${message}`,
  );
  const listed = said.length === 1 ? ` ${said[0]}` : said.map((one) => `\n- ${one}`).join("");
  throw new HarnessError(
    first.code as ErrorCode,
    `${what}, since ${problems.length} of ${count} files cannot be read or taken:${listed}`,
    { details: { problems } },
  );
}

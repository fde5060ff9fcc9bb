/** Names what applications declare, for people: each with the version of its text. */
import type { DeclaredText } from "@colophon/harness";

/** As in "shop v3, admin v4"; a text without a number is called that of the code. */
export function declaredNames(declared: readonly DeclaredText[]): string {
  return declared
    .map(({ application, version }) =>
      [application, version === null ? "(no version)" : `v${version}`].join(" ").trim(),
    )
    .join(", ");
}

/** Reads a tag that names a variable: traces its path to the variables, and holds it against where it stands. */
import { words } from "../say.ts";
import { noteUse } from "./note-use.ts";
import type { Tag } from "./read-tag.ts";
import type { Place } from "./reading.ts";
import { explainMisuse, misusesMedium } from "./refuse-media.ts";
import type { Scope } from "./scope.ts";
import type { ReadNode } from "./template.ts";

/** @param outermost the scope of the whole source, which `../` does not leave. */
export function readVariable(tag: Tag, place: Place, outermost: Scope): ReadNode {
  const { block, json, path: written = "", loop, ups = "", steps } = tag;
  const { at, scope, role, media, untrusted, refuse } = place;
  const kind = block ?? json ?? "value";
  const isRoot = written.startsWith("@root");
  let around = scope;
  for (let more = ups.length / 3; more > 0; more -= 1) {
    const { outer } = around;
    if (!outer || outer === outermost.outer) {
      throw refuse(words(() => `goes further out than the {{#each}} around it: remove ${more} of its ../`));
    }
    around = outer;
  }
  const whole = [isRoot ? "" : around.path, steps].filter(Boolean).join(".");
  const path = loop ? written : whole;
  if (!scope.uses && (loop ? !scope.outer : path === "")) {
    throw refuse(
      words(() =>
        loop
          ? "is not supported: it counts the items of an {{#each}}, and none is around it"
          : "is not supported: it is all variables at once; name one of them",
      ),
    );
  }
  const variable = path.split(/[.[]/)[0] as string;
  const fenced = untrusted?.includes(variable) === true;
  const use = { kind, path, variable, fenced, role } as const;
  if (media && misusesMedium(use, media)) {
    throw refuse(words(() => `is not supported: ${explainMisuse(use, !media.has(variable))}`));
  }
  if (scope.uses && path !== "" && !loop) noteUse(scope.uses, { kind, path, proven: scope.proven });
  return {
    kind,
    at,
    written,
    path,
    loop,
    up: isRoot ? Number.POSITIVE_INFINITY : ups.length / 3,
    steps: steps?.split(".") ?? [],
    fenced,
    medium: media?.has(path) === true,
    body: [],
    otherwise: [],
  };
}

/** Finds the comments of a call that would be lost with the arguments that they stand beside. */
import type { Node } from "@babel/types";
import { holesOf } from "./piece.ts";
import type { DraftCall } from "./read-call.ts";
import { commentBefore } from "./remove-declared.ts";

/** As they are written, in their order. */
export function keptComments({ call, messages, kept, statements }: DraftCall): readonly string[] {
  const { program, node } = call;
  const values = holesOf(messages.flatMap(({ pieces }) => pieces)).filter((hole) => hole.program === program);
  // What stays in the code keeps its comments.
  const staying: readonly Node[] = [
    node.callee,
    ...node.arguments.slice(1),
    ...kept.flatMap(({ nodes }) => nodes),
    ...values.map((hole) => hole.node),
  ];
  const gone: readonly Range[] = [
    node,
    ...statements.map((one) => ({ start: commentBefore(program, one)?.from ?? one.start, end: one.end })),
  ];
  const within = ({ start, end }: Range, outer: Range): boolean =>
    (start ?? 0) >= (outer.start ?? 0) && (end ?? 0) <= (outer.end ?? 0);
  return program.comments
    .filter((comment) => gone.some((one) => within(comment, one)))
    .filter((comment) => !staying.some((stays) => within(comment, stays)))
    .map(({ start, end }) => program.source.slice(start ?? 0, end ?? 0));
}

interface Range {
  readonly start?: number | null | undefined;
  readonly end?: number | null | undefined;
}

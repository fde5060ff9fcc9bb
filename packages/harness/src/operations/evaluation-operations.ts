/** Operations of the evaluation part. */
import { EVAL_SET_OPERATIONS } from "./eval-set-operations.ts";
import { JUDGE_OPERATIONS } from "./judge-operations.ts";
import { MATRIX_OPERATIONS } from "./matrix-operations.ts";
import { RUN_OPERATIONS } from "./run-operations.ts";
import { SCORE_OPERATIONS } from "./score-operations.ts";

export const EVALUATION_OPERATIONS = [
  ...EVAL_SET_OPERATIONS,
  ...JUDGE_OPERATIONS,
  ...RUN_OPERATIONS,
  ...MATRIX_OPERATIONS,
  ...SCORE_OPERATIONS,
] as const;

/** Operations of the evaluation part. */

export const EVALUATION_OPERATIONS = [] as const;

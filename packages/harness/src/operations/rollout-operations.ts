/** Operations of the rollout part. */

export const ROLLOUT_OPERATIONS = [] as const;

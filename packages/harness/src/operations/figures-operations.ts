/** Operations of the figures part. */

export const FIGURES_OPERATIONS = [] as const;

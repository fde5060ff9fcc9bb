/** Operations of the registry part. */

export const REGISTRY_OPERATIONS = [] as const;

/** Operations of the installation part. */

export const INSTALLATION_OPERATIONS = [] as const;

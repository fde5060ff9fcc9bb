/** Operations of the delivery part. */

export const DELIVERY_OPERATIONS = [] as const;

/** How values come from PostgreSQL: whole numbers as numbers, all others as the driver gives them. */
import { type CustomTypesConfig, types } from "pg";

const BIGINT = 20;
const NUMERIC = 1700;

/** The store keeps no number that a double cannot hold, and rounds sums that outgrow one. */
export const VALUE_TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === BIGINT || oid === NUMERIC
      ? Number
      : types.getTypeParser(oid, format as "text")) as CustomTypesConfig["getTypeParser"],
};

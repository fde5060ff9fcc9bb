/** Why a version is unknown that may be known in a moment. */
export const NOT_FETCHED = "not fetched yet";

/** Use cases of what other tools hold, on any house. */
import { importVersionOperation } from "./import-operations.ts";
import { offer } from "./offer.ts";

/** Makes a version of a prompt that another tool has; the same content again makes none. */
export const importVersion = offer(importVersionOperation);

/** A row as the databases' drivers give it: whole and other numbers, texts and bytes. */

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** How a ledger row is read from SQLite: all its columns, with pseudonyms and writer joined in. */

export const EXECUTION_SELECT = `SELECT e.*, w.id AS writer_id, su.pseudonym AS user_p, st.pseudonym AS tenant_p,
  sd.pseudonym AS document_p, sy.pseudonym AS document_type_p
  FROM execution e LEFT JOIN writer w ON w.n = e.writer LEFT JOIN subject su ON su.n = e.user
  LEFT JOIN subject st ON st.n = e.tenant LEFT JOIN subject sd ON sd.n = e.document
  LEFT JOIN subject sy ON sy.n = e.document_type`;

/** The triggers and functions by which the database itself holds records and rows append-only. */
import { PARTITIONED } from "./schema.ts";

/** Tables whose rows are never changed nor deleted. */
const APPEND_ONLY = ["edition", "store", "record", "text", "writer", "word", "gap", "seal"] as const;
/** The same, in parts: each part inherits the triggers of rows, and gets one of its own against emptying it. */
const APPEND_ONLY_PARTS = ["execution", "outcome", "start"] as const;
/** Tables that are changed, under the watch of a trigger, and never emptied. */
const KEPT = ["subject", "arrival", "folded", "measured"] as const;

/** A function that no search path leads astray; with `asOwner` it may do what its caller may not. */
export interface GuardFunction {
  readonly name: string;
  readonly parameters: string;
  readonly returns: "trigger" | "void";
  readonly asOwner: boolean;
  readonly body: string;
}

const REFUSE: GuardFunction = {
  name: "refuse",
  parameters: "",
  returns: "trigger",
  asOwner: false,
  body: `
BEGIN
  RAISE EXCEPTION 'append-only: nothing in % is changed or taken away', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END`,
};

// The one exception to append-only: erasing a subject empties its key and its id, and nothing else.
const ONLY_ERASED: GuardFunction = {
  name: "only_erased",
  parameters: "",
  returns: "trigger",
  asOwner: false,
  body: `
BEGIN
  IF NEW.n IS DISTINCT FROM OLD.n OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.pseudonym IS DISTINCT FROM OLD.pseudonym
    OR NEW.key IS NOT NULL OR NEW.value IS NOT NULL OR NEW.digest IS NOT NULL THEN
    RAISE EXCEPTION 'append-only: a subject is only ever erased' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END`,
};

const ONLY_FORWARD: GuardFunction = {
  name: "only_forward",
  parameters: "",
  returns: "trigger",
  asOwner: true,
  body: `
DECLARE
  ends @schema.arrival;
BEGIN
  SELECT * INTO ends FROM @schema.arrival;
  IF TG_TABLE_NAME = 'folded' THEN
    IF NEW.one = OLD.one AND NEW.n >= OLD.n AND NEW.n <= ends.executions THEN RETURN NEW; END IF;
  ELSIF NEW.one = OLD.one AND NEW.execution >= OLD.execution AND NEW.execution <= ends.executions
    AND NEW.outcome >= OLD.outcome AND NEW.outcome <= ends.outcomes THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append-only: % only moves forward, along the rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END`,
};

/**
 * Rows that are written together have the next numbers, and the end moves with them: numbers follow the
 * order of commits, because whoever writes holds the row of the ends until the commit.
 */
function numbered(table: "execution" | "outcome"): GuardFunction {
  return {
    name: `${table}_numbered`,
    parameters: "",
    returns: "trigger",
    asOwner: true,
    body: `
DECLARE
  rows bigint; first bigint; last bigint; total numeric;
BEGIN
  SELECT count(*), min(n), max(n), sum(n) INTO rows, first, last, total FROM added;
  IF rows = 0 THEN RETURN NULL; END IF;
  IF last - first = rows - 1 AND total * 2 = (first::numeric + last) * rows THEN
    UPDATE @schema.arrival SET ${table}s = last WHERE ${table}s = first - 1;
    IF FOUND THEN RETURN NULL; END IF;
  END IF;
  RAISE EXCEPTION 'append-only: rows of ${table} have the next numbers' USING ERRCODE = 'serialization_failure';
END`,
  };
}

/** Says the new revision to who listens, when it is committed. */
const RECORDED: GuardFunction = {
  name: "recorded",
  parameters: "",
  returns: "trigger",
  asOwner: true,
  body: `
DECLARE
  last bigint; erased bigint;
BEGIN
  SELECT max(revision), count(*) FILTER (WHERE kind = 'erasure') INTO last, erased FROM added;
  IF last IS NULL THEN RETURN NULL; END IF;
  IF erased > 0 THEN UPDATE @schema.arrival SET erasures = erasures + erased; END IF;
  PERFORM pg_notify('@schema_revision', last::text);
  RETURN NULL;
END`,
};

/**
 * Makes the parts of a week. A part is made beside its table and attached, which no reader or writer
 * waits for. A week of which the rest already holds rows stays there.
 */
const MAKE_PARTS: GuardFunction = {
  name: "make_parts",
  parameters: "week bigint, lower uuid, upper uuid",
  returns: "void",
  asOwner: true,
  body: `
DECLARE
  parts CONSTANT text[][] := ARRAY[${PARTITIONED.map(([table, column]) => `['${table}', '${column}']`).join(", ")}];
  part text[];
  name text;
  grantee record;
BEGIN
  PERFORM pg_advisory_xact_lock(@locks, 4);
  FOREACH part SLICE 1 IN ARRAY parts LOOP
    name := part[1] || '_' || week;
    CONTINUE WHEN to_regclass(format('@schema.%I', name)) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE @schema.%I (LIKE @schema.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING STORAGE)', name, part[1]);
      EXECUTE format('ALTER TABLE @schema.%I ATTACH PARTITION @schema.%I FOR VALUES FROM (%L) TO (%L)', part[1], name, lower, upper);
      EXECUTE format('CREATE TRIGGER kept_whole BEFORE TRUNCATE ON @schema.%I EXECUTE FUNCTION @schema.refuse()', name);
      EXECUTE format('ALTER TABLE @schema.%I ENABLE ALWAYS TRIGGER kept_whole', name);
      FOR grantee IN
        SELECT granted.grantee::regrole::text AS role FROM pg_class, aclexplode(relacl) AS granted
        WHERE pg_class.oid = format('@schema.%I', part[1])::regclass AND granted.privilege_type = 'MAINTAIN' AND granted.grantee <> 0
      LOOP
        EXECUTE format('GRANT MAINTAIN ON @schema.%I TO %s', name, grantee.role);
      END LOOP;
    EXCEPTION WHEN check_violation THEN
      NULL;
    END;
  END LOOP;
END`,
};

export const GUARD_FUNCTIONS: readonly GuardFunction[] = [
  REFUSE,
  ONLY_ERASED,
  ONLY_FORWARD,
  numbered("execution"),
  numbered("outcome"),
  RECORDED,
  MAKE_PARTS,
];

export interface GuardTrigger {
  readonly table: string;
  readonly name: string;
  /** When it fires, on what, and what it calls. */
  readonly fires: string;
}

/** In the words in which PostgreSQL says a trigger back, so that one can be compared with the other. */
const ANY_CHANGE = "BEFORE DELETE OR UPDATE OR TRUNCATE";
const REFUSED = "EXECUTE FUNCTION @schema.refuse()";

/** The trigger that every part of a table has beside those it inherits. */
export const PART_TRIGGER = "kept_whole";

export const GUARD_TRIGGERS: readonly GuardTrigger[] = [
  ...APPEND_ONLY.map((table) => ({
    table,
    name: "append_only",
    fires: `${ANY_CHANGE} ON @schema.${table} FOR EACH STATEMENT ${REFUSED}`,
  })),
  ...APPEND_ONLY_PARTS.map((table) => ({
    table,
    name: "append_only",
    fires: `BEFORE DELETE OR UPDATE ON @schema.${table} FOR EACH ROW ${REFUSED}`,
  })),
  {
    table: "content",
    name: "never_changed",
    fires: `BEFORE UPDATE ON @schema.content FOR EACH ROW ${REFUSED}`,
  },
  ...PARTITIONED.flatMap(([table]) =>
    [table, `${table}_default`].map((part) => ({
      table: part,
      name: PART_TRIGGER,
      fires: `BEFORE TRUNCATE ON @schema.${part} FOR EACH STATEMENT ${REFUSED}`,
    })),
  ),
  ...KEPT.map((table) => ({
    table,
    name: "kept_whole",
    fires: `BEFORE DELETE OR TRUNCATE ON @schema.${table} FOR EACH STATEMENT ${REFUSED}`,
  })),
  {
    table: "subject",
    name: "only_erased",
    fires: "BEFORE UPDATE ON @schema.subject FOR EACH ROW EXECUTE FUNCTION @schema.only_erased()",
  },
  ...["folded", "measured"].map((table) => ({
    table,
    name: "only_forward",
    fires: `BEFORE UPDATE ON @schema.${table} FOR EACH ROW EXECUTE FUNCTION @schema.only_forward()`,
  })),
  ...["execution", "outcome"].map((table) => ({
    table,
    name: "numbered",
    fires: `AFTER INSERT ON @schema.${table} REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION @schema.${table}_numbered()`,
  })),
  {
    table: "record",
    name: "recorded",
    fires:
      "AFTER INSERT ON @schema.record REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION @schema.recorded()",
  },
];

function createFunction({ name, parameters, returns, asOwner, body }: GuardFunction): readonly string[] {
  const signature = `@schema.${name}(${parameters})`;
  return [
    `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql ${asOwner ? "SECURITY DEFINER " : ""}SET search_path = pg_catalog, pg_temp AS $body$${body}$body$`,
    `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`,
  ];
}

/** Fires for replicated changes too, and whatever a session says of its role. */
function createTrigger({ table, name, fires }: GuardTrigger): readonly string[] {
  return [`CREATE TRIGGER ${name} ${fires}`, `ALTER TABLE @schema.${table} ENABLE ALWAYS TRIGGER ${name}`];
}

/** Every guard of the first edition. */
export const GUARDS: readonly string[] = [
  ...GUARD_FUNCTIONS.flatMap(createFunction),
  ...GUARD_TRIGGERS.flatMap(createTrigger),
];

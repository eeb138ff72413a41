"""What PostgreSQL needs beside the migrations, put there after them and in their transaction.

The migrations are the same for both engines. Afterwards every table of ours gets what makes it
behave as on SQLite, so that a new migration has nothing to think of: integers of 64 bits (upserts
use up numbers), booleans as 0 and 1, texts compared byte by byte whatever the server's locale,
one writer at a time, and a notification for others when a row changes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

CHANGED: Final = "mkt_tui_changed"
# The advisory lock of whoever writes or migrates: any number, the same in every version.
WRITER: Final = int.from_bytes(b"mkt_tui")

Run: TypeAlias = Callable[[str], Any]

_FUNCTIONS: Final = (
    """
CREATE OR REPLACE FUNCTION json_merge(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    merged jsonb := CASE jsonb_typeof(target) WHEN 'object' THEN target ELSE '{}' END;
    field record;
BEGIN
    IF jsonb_typeof(patch) <> 'object' THEN
        RETURN patch;
    END IF;
    FOR field IN SELECT key, value FROM jsonb_each(patch) LOOP
        IF jsonb_typeof(field.value) = 'null' THEN
            merged := merged - field.key;
        ELSE
            merged := merged || jsonb_build_object(
                field.key, json_merge(merged -> field.key, field.value));
        END IF;
    END LOOP;
    RETURN merged;
END $$""",
    # The name and the meaning (RFC 7396) are those of SQLite's own function.
    """
CREATE OR REPLACE FUNCTION json_patch(target text, patch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    merged jsonb;
BEGIN
    IF patch = '{}' THEN
        RETURN target;
    END IF;
    merged := json_merge(target::jsonb, patch::jsonb);
    -- What says nothing new leaves even the order of the fields alone.
    RETURN CASE merged WHEN target::jsonb THEN target ELSE merged::text END;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION mkt_tui_one_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({WRITER});
    RETURN NULL;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION mkt_tui_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY {CHANGED};
    RETURN NULL;
END $$""",
)
# A statement that changes no row must not wake every desk, hence the trigger for each row; equal
# notifications of one transaction are sent once.
_TRIGGERS: Final = """
CREATE OR REPLACE TRIGGER mkt_tui_one_writer BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION mkt_tui_one_writer();
CREATE OR REPLACE TRIGGER mkt_tui_tell AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION mkt_tui_tell()"""
_COLUMNS: Final = """
SELECT column_name, data_type, column_default FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = '{table}'
    AND (data_type IN ('integer', 'boolean')
        OR (data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'))"""


def adapt(run: Run, tables: Iterable[str]) -> None:
    """Make the tables behave as on SQLite; what is so already stays untouched.

    Args:
        run: Runs a statement and returns its rows.
    """
    for function in _FUNCTIONS:
        run(function)
    for table in tables:
        changes = [_change(*column) for column in run(_COLUMNS.format(table=table))]
        if changes:
            run(f"ALTER TABLE {table} {', '.join(changes)}")
        _widen_sequence(run, table)
        run(_TRIGGERS.format(table=table))


def _change(name: str, kind: str, default: str | None) -> str:
    if kind == "integer":
        return f"ALTER COLUMN {name} TYPE bigint"
    if kind != "boolean":
        return f'ALTER COLUMN {name} TYPE text COLLATE "C"'
    change = f"ALTER COLUMN {name} DROP DEFAULT, ALTER COLUMN {name} TYPE bigint USING {name}::int"
    if default is None:
        return change
    return f"{change}, ALTER COLUMN {name} SET DEFAULT {int(default == 'true')}"


def _widen_sequence(run: Run, table: str) -> None:
    found: Sequence[Sequence[str]] = run(
        "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
        f" AND sequencename = '{table}_id_seq' AND data_type = 'integer'::regtype"
    )
    for (sequence,) in found:
        run(f"ALTER SEQUENCE {sequence} AS bigint")

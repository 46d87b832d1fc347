"""Triggers that refuse UPDATE, DELETE and TRUNCATE on the ledger tables, and a checkpoint that would go back."""

from django.db import migrations

TABLES = (
    "traceability_statement",
    "traceability_chainlink",
    "traceability_logentry",
    "traceability_checkpoint",
)
CHECKPOINTS = "traceability_checkpoint"
GOES_BACK = """
    NEW.size < newest.size
    OR (NEW.size = newest.size AND NEW.root <> newest.root)
    OR NEW.cosigned_at < newest.cosigned_at
"""
NEWEST = f"{CHECKPOINTS} newest WHERE newest.id = (SELECT MAX(id) FROM {CHECKPOINTS})"
REFUSED = "A checkpoint may not have a smaller size, another root for the same size, or an earlier time."


def _postgresql():
    yield """
        CREATE FUNCTION traceability_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """
    for table in TABLES:
        yield f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION traceability_refuse_change()
        """
    yield f"""
        CREATE FUNCTION traceability_checkpoint_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM {NEWEST} AND ({GOES_BACK})) THEN
                RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
    """
    yield f"""
        CREATE TRIGGER goes_on BEFORE INSERT ON {CHECKPOINTS}
        FOR EACH ROW EXECUTE FUNCTION traceability_checkpoint_goes_on()
    """


def _sqlite():
    for table in TABLES:
        for change in ("UPDATE", "DELETE"):
            yield f"""
                CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}
                BEGIN SELECT RAISE(ABORT, '{change} refused: {table} is append-only'); END
            """
    yield f"""
        CREATE TRIGGER {CHECKPOINTS}_goes_on BEFORE INSERT ON {CHECKPOINTS}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}') FROM {NEWEST} AND ({GOES_BACK}); END
    """


def create_triggers(apps, schema_editor):
    statements = {"postgresql": _postgresql, "sqlite": _sqlite}[schema_editor.connection.vendor]
    for sql in statements():
        schema_editor.execute(sql, params=None)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for function in ("traceability_refuse_change", "traceability_checkpoint_goes_on"):
            schema_editor.execute(f"DROP FUNCTION {function} CASCADE")
        return
    for table in TABLES:
        for change in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_{change}")
    schema_editor.execute(f"DROP TRIGGER {CHECKPOINTS}_goes_on")


class Migration(migrations.Migration):
    dependencies = [("traceability", "0001_log")]

    operations = [migrations.RunPython(create_triggers, drop_triggers, elidable=False)]

"""What finds rows of the index of words: a GIN index, or an FTS5 table with its triggers; and what forgets erased
values.
"""

from django.db import migrations

TEXTS = "traceability_searchtext"
WORDS = "traceability_searchtext_words"
DISCLOSURES = "traceability_disclosure"


def _postgresql():
    yield f"CREATE INDEX {WORDS} ON {TEXTS} USING gin (array_to_tsvector(string_to_array(text, ' ')))"
    yield f"""
        CREATE FUNCTION traceability_forget_words() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM {TEXTS} WHERE disclosure = NEW.digest AND disclosure <> '';
            RETURN NULL;
        END $$
    """
    yield f"""
        CREATE TRIGGER forget_words AFTER UPDATE OF text ON {DISCLOSURES}
        FOR EACH ROW WHEN (NEW.text IS NULL) EXECUTE FUNCTION traceability_forget_words()
    """


def _sqlite():
    yield f"""
        CREATE VIRTUAL TABLE {WORDS} USING fts5(
            text, content='{TEXTS}', content_rowid='id', detail='none', prefix='2 3', tokenize='ascii'
        )
    """
    gone = f"INSERT INTO {WORDS} ({WORDS}, rowid, text) VALUES ('delete', OLD.id, OLD.text);"
    new = f"INSERT INTO {WORDS} (rowid, text) VALUES (NEW.id, NEW.text);"
    for name, change, what in (
        ("inserted", "INSERT", new),
        ("deleted", "DELETE", gone),
        ("updated", "UPDATE OF text", gone + new),
    ):
        yield f"CREATE TRIGGER {WORDS}_{name} AFTER {change} ON {TEXTS} BEGIN {what} END"
    # A merge of all parts leaves nothing of the erased words in the file of the index.
    yield f"""
        CREATE TRIGGER {WORDS}_forgotten AFTER UPDATE OF text ON {DISCLOSURES} WHEN NEW.text IS NULL
        BEGIN
            DELETE FROM {TEXTS} WHERE disclosure = NEW.digest AND disclosure <> '';
            INSERT INTO {WORDS} ({WORDS}) VALUES ('optimize');
        END
    """


def create(apps, schema_editor):
    statements = {"postgresql": _postgresql, "sqlite": _sqlite}[schema_editor.connection.vendor]
    for sql in statements():
        schema_editor.execute(sql, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION traceability_forget_words CASCADE")
        schema_editor.execute(f"DROP INDEX {WORDS}")
        return
    for name in ("inserted", "deleted", "updated", "forgotten"):
        schema_editor.execute(f"DROP TRIGGER {WORDS}_{name}")
    schema_editor.execute(f"DROP TABLE {WORDS}")


class Migration(migrations.Migration):
    dependencies = [("traceability", "0013_search")]

    operations = [migrations.RunPython(create, drop, elidable=False)]

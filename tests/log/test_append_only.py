"""What was accepted stays: triggers refuse UPDATE, DELETE and TRUNCATE, and a checkpoint that would go back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection

from tests.log.authors import Author
from traceability.models import ChainLink, Checkpoint, LogEntry, Statement
from traceability.services import integrator

LEDGER = (Statement, ChainLink, LogEntry, Checkpoint)


@pytest.fixture
def filled(operator):
    operator.hold()
    integrator.integrate()
    return operator


@pytest.mark.parametrize("model", LEDGER)
def test_rows_of_the_ledger_cannot_be_changed_or_removed(filled, model):
    rows = list(model.objects.order_by("pk").values())
    column = model._meta.fields[-1].attname
    changes = [
        lambda: model.objects.update(**{column: rows[0][column]}),
        lambda: model.objects.filter(pk=rows[0][model._meta.pk.attname])._raw_delete("default"),
        lambda: model.objects.all()._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="append-only"):
            change()
    assert list(model.objects.order_by("pk").values()) == rows


@pytest.mark.postgres
@pytest.mark.parametrize("model", LEDGER)
def test_tables_of_the_ledger_cannot_be_truncated(filled, model):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is a statement of PostgreSQL")
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        {"size": 2},
        {"root": bytes(32)},
        {"cosigned_at": lambda newest: newest.cosigned_at - timedelta(seconds=1)},
    ],
)
def test_a_checkpoint_never_goes_back(filled, change):
    newest = Checkpoint.objects.latest("id")
    values = {"size": newest.size, "root": bytes(newest.root), "note": "x", "cosigned_at": newest.cosigned_at}
    values |= {name: value(newest) if callable(value) else value for name, value in change.items()}
    with pytest.raises(IntegrityError):
        Checkpoint.objects.create(**values)
    Checkpoint.objects.create(**values | {"size": newest.size + 1, "cosigned_at": newest.cosigned_at})


@pytest.mark.parametrize(
    "values",
    [{"index": -1}, {"leaf_hash": b"short"}, {"index": 0}],
)
def test_an_entry_has_one_place_and_a_whole_hash(filled, values):
    row = Author().hold()
    with pytest.raises(DatabaseError):
        LogEntry.objects.create(**{"index": 9, "statement": row, "leaf_hash": bytes(32)} | values)


def test_one_statement_for_each_place_in_a_chain_and_each_digest(filled):
    link = ChainLink.objects.latest("id")
    with pytest.raises(IntegrityError):
        ChainLink.objects.create(
            statement=link.statement, subject=link.subject, seq=link.seq, role="lot", custody_hash=bytes(32)
        )
    row = Statement.objects.latest("id")
    row.pk, row.urn = None, Author().id
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)

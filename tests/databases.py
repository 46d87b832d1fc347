"""Copies of the migrated test database, for tests whose commits are real."""

import base64
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, connections

Filled = TypeVar("Filled")


@contextmanager
def fresh_copy(folder: Path, template: str = "") -> Iterator[dict[str, str]]:
    """Lets every connection of this process open a copy, of the template or of the migrated database; yields the
    environment for other processes.
    """
    migrated = str(connection.settings_dict["NAME"])
    copy = _copy_sqlite if connection.vendor == "sqlite" else _copy_postgresql
    connections.close_all()
    with copy(template or migrated, folder) as (name, place):
        connection.settings_dict["NAME"] = name
        _restart_sequences()
        try:
            yield os.environ | place | _keys()
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = migrated


@contextmanager
def filled_template(folder: Path, fill: Callable[[], Filled]) -> Iterator[tuple[str, Filled]]:
    """The name of a copy that `fill` wrote to, to make copies of, and what `fill` gave; nobody is connected to it."""
    migrated = str(connection.settings_dict["NAME"])
    with fresh_copy(folder):
        name, filled = str(connection.settings_dict["NAME"]), fill()
        connections.close_all()
        connection.settings_dict["NAME"] = migrated
        yield name, filled


def _restart_sequences() -> None:
    """Lets ids begin after the rows that are there: on PostgreSQL a test that rolled back has moved them on."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("\n".join(statements))


@contextmanager
def _copy_sqlite(template: str, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    file = folder / "lodestone.sqlite3"
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
    yield str(file), {"LODESTONE_HOME": str(folder)}


@contextmanager
def _copy_postgresql(template: str, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    name = f"{template}_{uuid.uuid4().hex[:8]}"
    # A server that need not keep its data (.ci/with-postgres) copies files three times as fast as it writes a journal.
    copying = "STRATEGY FILE_COPY" if connection.pg_version >= 150000 else ""
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copying}')
    try:
        parameters = connection.settings_dict
        user, password = (quote(parameters[key], safe="") for key in ("USER", "PASSWORD"))
        address = f"postgres://{user}:{password}@{parameters['HOST']}:{parameters['PORT'] or 5432}/{name}"
        yield name, {"LODESTONE_HOME": str(folder), "DATABASE_URL": address}
    finally:
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(statement: str) -> None:
    """Runs a statement outside the database that it is about."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _keys() -> dict[str, str]:
    return {
        "LODESTONE_MASTER_KEY": base64.b64encode(settings.LODESTONE_MASTER_KEY).decode(),
        "LODESTONE_SECRET_KEY": settings.SECRET_KEY,
    }

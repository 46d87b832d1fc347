"""A log with an operator; statements wait until the test integrates."""

import copy
import shutil
from contextlib import contextmanager

import pytest


@pytest.fixture
def open_log(ledger_db, asleep, monkeypatch):
    """An open log without leaves: its checkpoint of size 0 is published.

    What is said in these tests breaks rules of the rooms above, so those are not asked.
    """
    from traceability.services import ledger_check, publisher

    monkeypatch.setattr(ledger_check, "CHECKS", [])
    publisher.open_log()


@pytest.fixture
def operator(open_log):
    """The operator, whose register waits to become leaf 0."""
    from tests.log.authors import Author

    found = Author()
    found.register()
    return found


@contextmanager
def _opened(name):
    """Lets this process open another database until the end of the block."""
    from django.db import connection, connections

    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def _long_log(django_db_setup, django_db_blocker, tmp_path_factory):
    """The database, the files, the operator and the rows of a log of 305 entries, built once for all copies."""
    from django.db import connection, transaction
    from django.test import override_settings

    from tests.databases import fresh_copy
    from tests.log.authors import Author, new_urn
    from traceability.services import integrator, log_queue, publisher

    home = tmp_path_factory.mktemp("long-log")
    nudge = log_queue._nudge
    template = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), override_settings(LODESTONE_HOME=home), fresh_copy(home):
        log_queue.nudge_by(lambda: None)
        publisher.open_log()
        operator, lot = Author(), new_urn()
        operator.register()
        rows = [operator.hold(lot) for _ in range(2)]
        integrator.integrate()
        with transaction.atomic():
            rows += [operator.hold() for _ in range(300)]
        integrator.integrate()
        log_queue.nudge_by(nudge)
        built = connection.settings_dict["NAME"]
        with _opened(template):
            yield built, home, operator, rows


@pytest.fixture
def long_log(_long_log, asleep, django_db_blocker, tmp_path, settings, monkeypatch):
    """The operator of a log of 305 entries in two batches, and the rows of its statements; a copy of the test's own.

    The first two are about one lot. The rules of the rooms above are not asked, as in `open_log`.
    """
    from django.core.cache import cache

    from tests.databases import fresh_copy
    from traceability.services import ledger_check

    built, home, operator, rows = _long_log
    cache.clear()
    monkeypatch.setattr(ledger_check, "CHECKS", [])
    shutil.copytree(home / "guard", tmp_path / "guard")
    settings.LODESTONE_HOME = tmp_path
    with django_db_blocker.unblock(), _opened(built), fresh_copy(tmp_path):
        yield copy.deepcopy(operator), list(rows)

"""What many tests begin with: made once, in a database of its own, in which each test takes back what it wrote.

`market`, `people`, `api` and `town` are fixtures over such a beginning; `db` may be asked for beside them.
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import DjangoDbBlocker, Settings

    from tests.api.clients import Clients
    from tests.notices.town import Town
    from tests.services.market import Market
    from tests.web.suppliers import People


@dataclass(frozen=True)
class Beginning:
    """An open connection to the database, the files that belong to it, and the short ways to its rows."""

    database: "BaseDatabaseWrapper"
    home: Path
    made: Any


@pytest.fixture(scope="session")
def made_once(
    django_db_setup: None, django_db_blocker: "DjangoDbBlocker", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Callable[[], Any]], Beginning]]:
    """Gives the beginning that a function makes in an empty database."""
    from django.db import connection

    migrated = str(connection.settings_dict["NAME"])
    with ExitStack() as stack:

        def made(make: Callable[[], Any]) -> Beginning:
            with django_db_blocker.unblock():
                return stack.enter_context(_made(migrated, tmp_path_factory.mktemp(make.__name__), make))

        yield made
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(scope="session")
def _market(made_once: Any) -> Beginning:
    from tests.services.market import open_market

    return made_once(open_market)


@pytest.fixture
def market(db: None, _market: Beginning, settings: "Settings") -> Iterator["Market"]:
    """Operator, mine and separator, registered; nothing else was said."""
    with _begun(_market, settings.LODESTONE_HOME) as made:
        yield made


@pytest.fixture(scope="session")
def _people(made_once: Any) -> Beginning:
    from tests.web.suppliers import open_people

    return made_once(open_people)


@pytest.fixture
def people(db: None, _people: Beginning, settings: "Settings") -> Iterator["People"]:
    """The market with browsers, and an organisation that has nothing to do with the others."""
    with _begun(_people, settings.LODESTONE_HOME) as made:
        yield made


@pytest.fixture(scope="session")
def _api(made_once: Any) -> Beginning:
    from tests.api.clients import open_clients

    return made_once(open_clients)


@pytest.fixture
def api(db: None, asleep: None, _api: Beginning, settings: "Settings") -> Iterator["Clients"]:
    """The market with an open log and programs, and an organisation that has nothing to do with the others."""
    with _begun(_api, settings.LODESTONE_HOME) as made:
        yield made


@pytest.fixture(scope="session")
def _town(made_once: Any) -> Beginning:
    from tests.notices.town import open_town

    return made_once(open_town)


@pytest.fixture
def town(db: None, _town: Beginning, settings: "Settings") -> Iterator["Town"]:
    """Mine, separator and an outsider, each with an administrator and a viewer."""
    with _begun(_town, settings.LODESTONE_HOME) as made:
        yield made


@pytest.fixture
def asleep() -> Iterator[None]:
    """Nothing wakes the integrator: the tests say when the log grows."""
    from traceability.services import log_queue

    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    yield
    log_queue.nudge_by(before)


@contextmanager
def _made(migrated: str, home: Path, make: Callable[[], Any]) -> Iterator[Beginning]:
    from django.db import connection, connections
    from django.test import override_settings

    from tests.databases import filled_template

    def fill() -> Any:
        with override_settings(LODESTONE_HOME=home, MEDIA_ROOT=home / "evidence"), _as_in_a_test():
            made = make()
            connection.run_on_commit.clear()  # nothing that waits for a commit happens in such tests
        return made

    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = migrated
    with filled_template(home, fill) as (name, made):
        connection.settings_dict["NAME"] = before
        database = connection.copy()
        database.settings_dict["NAME"] = name
        try:
            yield Beginning(database, home, made)
        finally:
            database.close()


@contextmanager
def _begun(found: Beginning, home: Path) -> Iterator[Any]:
    from django.db import connections, transaction

    shutil.copytree(found.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*"))
    before = connections["default"]
    connections["default"] = found.database
    try:
        with _as_in_a_test():
            yield copy.deepcopy(found.made)
            if not found.database.needs_rollback:
                found.database.check_constraints()
            transaction.set_rollback(True)
    finally:
        connections["default"] = before


@contextmanager
def _as_in_a_test() -> Iterator[None]:
    """A transaction in which Django lets durable blocks nest, as in those of its own test cases."""
    from django.db import transaction

    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield

"""The demonstration chain in a database: the fixture `demo`.

It is loaded once; each module gets a copy of its own, and a test that writes asks for `changing`, which takes back what
it wrote.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoDbBlocker

    from epd.models import Declaration
    from traceability.models import Lot, Organisation
    from traceability.selectors.access import Actor


@dataclass(frozen=True)
class Demo:
    """Short ways to the rows of the chain."""

    ids: dict[str, str]
    digests: dict[str, str]

    def lot(self, name: str) -> "Lot":
        from traceability.models import Lot

        return Lot.objects.get(pk=self.ids[name])

    def organisation(self, name: str) -> "Organisation":
        from traceability.models import Organisation

        return Organisation.objects.get(pk=self.ids[name])

    def actor(self, name: str) -> "Actor":
        from traceability.services.organisations import on_behalf_of

        return on_behalf_of(self.organisation(name))

    @property
    def declaration(self) -> "Declaration":
        from epd.models import Declaration

        return Declaration.objects.get(pk=self.ids["DECLARATION-MAG-1"])

    def client(self, name: str = "") -> "Client":
        """A browser: of somebody of this organisation of the script, or of anybody."""
        from django.contrib.auth import get_user_model
        from django.test import Client

        client = Client()
        if name:
            user = get_user_model().objects.get(username=f"{name}@demo.lodestone.example")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def result_of(self, name: str) -> Any:
        from epd.services import results

        found = results.newest_result(self.lot(name).urn)
        assert found is not None
        return found[1]


def load(home: Path) -> Demo:
    """Signs and accepts the whole chain, with its people, and publishes the log."""
    from epd.demo import demonstration
    from epd.demo.load import loader
    from epd.demo.people import add_people
    from traceability.services import integrator

    chain = loader(demonstration(), home / "demo-plan.json")
    chain.run(lambda number, total, key: None)
    add_people(chain)
    integrator.drain()
    return Demo(dict(chain.ids), dict(chain.digests))


@dataclass(frozen=True)
class Loaded:
    """The chain once loaded: the name of its database, its files, and the short ways."""

    database: str
    home: Path
    demo: Demo


@contextmanager
def _files_in(home: Path) -> Iterator[None]:
    from django.core.cache import cache
    from django.test import override_settings

    backends = ["django.contrib.auth.backends.ModelBackend"]
    with override_settings(LODESTONE_HOME=home, MEDIA_ROOT=home / "evidence", AUTHENTICATION_BACKENDS=backends):
        cache.clear()
        yield
        cache.clear()


@pytest.fixture(scope="session")
def loaded_demo(
    django_db_setup: None, django_db_blocker: "DjangoDbBlocker", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The demonstration chain, loaded once; nothing is written to it."""
    from tests.databases import filled_template

    home = tmp_path_factory.mktemp("loaded")

    def fill() -> Demo:
        with _files_in(home):
            return load(home)

    with django_db_blocker.unblock(), filled_template(home, fill) as (database, demo):
        django_db_blocker.restore()
        yield Loaded(database, home, demo)
        django_db_blocker.unblock()


@pytest.fixture(scope="module")
def demo(
    loaded_demo: Loaded, django_db_blocker: "DjangoDbBlocker", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The demonstration chain in a copy of the module's own."""
    from tests.databases import fresh_copy

    home = tmp_path_factory.mktemp("demo")
    shutil.copytree(loaded_demo.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with django_db_blocker.unblock(), _files_in(home), fresh_copy(home, loaded_demo.database):
        yield loaded_demo.demo


@pytest.fixture
def changing(demo: Demo) -> Iterator[None]:
    """Takes back what the test writes."""
    from django.core.cache import cache
    from django.db import transaction

    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()

"""Loads the demonstration chain, publishes the log, and prints who can sign in."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from epd.demo import demonstration
from epd.demo.audit import BUNDLE, FOLDER, audit
from epd.demo.load import Loader, loader
from epd.demo.people import PEOPLE, add_people
from epd.models import Declaration
from traceability.models import LogState
from traceability.selectors.statements import reads
from traceability.services import integrator
from traceability.verifier.text import to_text


@contextmanager
def _only_warnings() -> Iterator[None]:
    """What the log keeps of a reading does not stand between the lines of the report."""
    before = reads.level
    reads.setLevel(logging.WARNING)
    try:
        yield
    finally:
        reads.setLevel(before)


class Command(BaseCommand):
    """manage.py demo"""

    help = "Loads the demonstration chain (once) and prints the demonstration logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LODESTONE_DEMO:
            raise CommandError("Demonstration logins exist only in demonstration mode: set LODESTONE_DEMO=1.")
        chain = loader(demonstration(), settings.LODESTONE_HOME / "demo-plan.json")
        declared = Declaration.objects.filter(pk=chain.id_of("DECLARATION-MAG-1"))
        if not declared.exists():
            self._load(chain)
        add_people(chain)
        self._audit(chain)
        self._say(declared.get())

    def _load(self, chain: Loader) -> None:
        self.stdout.write(f"Loading {chain.demo.title}.")
        chain.run(self._progress)
        self.stdout.write("")
        integrator.drain()

    def _audit(self, chain: Loader) -> None:
        """Exports the magnet's bundle as its auditor and verifies it as he would, with nothing but the files."""
        folder = settings.LODESTONE_HOME / FOLDER
        if (folder / BUNDLE).exists():
            return
        self.stdout.write("Exporting the magnet's audit bundle and verifying it:")
        self.stdout.write("")
        with _only_warnings():
            report = audit(chain, folder)
        self.stdout.write(to_text(report))
        self.stdout.write(f"Bundle, policy, trust file and report lie in {folder}.")

    def _progress(self, number: int, total: int, key: str) -> None:
        line = f"  {number:3} of {total}  {key}"
        if sys.stdout.isatty():
            self.stdout.write(f"\r{line:60}", ending="")
            self.stdout.flush()
        elif number % 10 == 0 or number == total:
            self.stdout.write(line)

    def _say(self, declaration: Declaration) -> None:
        size, site = LogState.objects.get().size, settings.LODESTONE_BASE_URL
        self.stdout.write(f"The log has {size} entries. {declaration.product}: {declaration.gwp_ghg} kg CO2e per kg,")
        self.stdout.write(f"  illustrative, not verified. Its page: {site}/d/{declaration.reference}")
        self.stdout.write(f"Sign in at {site} with the password lodestone-demo as")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:44} {person.role:10} {person.organisation_name}")
        if not get_user_model().objects.exists():
            raise CommandError("No demonstration account could be made.")

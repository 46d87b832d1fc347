"""`manage.py verify_ledger`: rebuilds the ledger from its rows and names every difference."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from traceability.models import LedgerCheck
from traceability.selectors.log import log_health
from traceability.services.ledger_check import check_ledger

NAMED = 20
"""So many differences are kept in words for the operator's page."""


class Command(BaseCommand):
    help = "Rebuild the ledger from its rows; names every difference, and ends with 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="stop after this many differences (default 100)")

    def handle(self, *, most: int, **options: Any) -> None:
        began, total = timezone.now(), log_health().size
        found: list[str] = []
        for difference in check_ledger(lambda done: self._progress(done, total)):
            self.stdout.write(self.style.ERROR(str(difference)))
            found.append(str(difference))
            if len(found) == most:
                self.stdout.write(f"There may be more than {most} differences.")
                break
        check = LedgerCheck(started_at=began, entries=total, differences=len(found), named=found[:NAMED])
        check.stopped_early = len(found) == most
        self._keep(check)
        if found:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"The ledger of {total} entries is what its signed bytes give."))

    def _keep(self, check: LedgerCheck) -> None:
        """Keeps what was found for the operator's page; a database that only reads can be checked all the same."""
        check.ended_at = timezone.now()
        try:
            check.save()
        except DatabaseError as error:
            self.stderr.write(f"The result was not kept for the operator's page: {error}")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} entries", ending="\r" if self.stderr.isatty() else "\n")

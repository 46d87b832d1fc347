"""`manage.py verify_ledger`: rebuilds the ledger from its rows and names every difference."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from traceability.selectors.log import log_health
from traceability.services.ledger_check import check_ledger


class Command(BaseCommand):
    help = "Rebuild the ledger from its rows; names every difference, and ends with 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="stop after this many differences (default 100)")

    def handle(self, *, most: int, **options: Any) -> None:
        total = log_health().size
        count = 0
        for difference in check_ledger(lambda done: self._progress(done, total)):
            self.stdout.write(self.style.ERROR(str(difference)))
            count += 1
            if count == most:
                self.stdout.write(f"There may be more than {most} differences.")
                break
        if count:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"The ledger of {total} entries is what its signed bytes give."))

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} entries", ending="\r" if self.stderr.isatty() else "\n")

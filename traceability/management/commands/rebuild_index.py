"""`manage.py rebuild_index`: makes the index again from the signed bytes, and names every difference."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from traceability.services.index_check import check_index


class Command(BaseCommand):
    help = (
        "Rebuild lots, heads, keys, facilities, versions, access, edges and the words of the search from the signed "
        "bytes, and judge every statement again; names every difference, and ends with 1 when there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--check", action="store_true", help="compare and change nothing (the default)")
        mode.add_argument("--write", action="store_true", help="make the index what the signed bytes give")
        parser.add_argument("--most", type=int, default=100, help="show so many differences (default 100)")

    def handle(self, *, write: bool, most: int, **options: Any) -> None:
        count = 0
        for difference in check_index(write=write, progress=self._progress):
            count += 1
            if count <= most:
                self.stdout.write(self.style.ERROR(str(difference)))
        if not count:
            self.stdout.write(self.style.SUCCESS("The index is what the signed bytes give."))
            return
        if count > most:
            self.stdout.write(f"{count - most} more differences.")
        if write:
            self.stdout.write(self.style.SUCCESS("The index is now what the signed bytes give."))
            return
        sys.exit(1)

    def _progress(self, done: int) -> None:
        self.stderr.write(f"{done} statements", ending="\r" if self.stderr.isatty() else "\n")

"""`manage.py rebuild_tiles`: writes the hashes from which proofs are made anew, from entries and links."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from traceability.ledger.errors import RecordError
from traceability.services.ledger_rebuild import rebuild_tiles


class Command(BaseCommand):
    help = "Write the tiles of the log and of the heads map anew, when verify_ledger names them alone."

    def handle(self, **options: Any) -> None:
        try:
            rebuild_tiles()
        except RecordError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write("The tiles are written anew. Run verify_ledger to see that all is well.")

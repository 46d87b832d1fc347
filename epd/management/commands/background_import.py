"""`manage.py background_import FILE`: background data from an archive of any size, one data set at a time."""

from argparse import ArgumentParser
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from epd.documents.background import Allocated, Candidate, Terms, background_of
from epd.formats.ilcd_zip import stream_archive
from epd.formats.reading import MOST_BYTES
from epd.services import background
from traceability.ledger.errors import RecordError
from traceability.models import Membership, Organisation
from traceability.selectors.access import Actor
from traceability.services import clock


class Command(BaseCommand):
    help = "Takes upstream declarations or a table of factors over as background data of an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", type=UUID, required=True, help="whose background data they become")
        parser.add_argument(
            "--source", default="", help="where the figures stand; taken from the file where it says so"
        )
        parser.add_argument("--licence", default="", help="who may use them; taken from the file where it says so")
        parser.add_argument("--allocation", choices=[one.value for one in Allocated], default=Allocated.UNKNOWN.value)
        parser.add_argument("--dry-run", action="store_true", help="say what was found, and take nothing over")

    def handle(self, *, file: Path, organisation: UUID, dry_run: bool, **options: Any) -> None:
        owner = Organisation.objects.filter(pk=organisation).first()
        if owner is None:
            raise CommandError("There is no such organisation.", returncode=2)
        terms = Terms(options["source"], options["licence"], Allocated(options["allocation"]))
        try:
            found = tuple(self._told(one) for one in _candidates(file, terms))
            if not dry_run:
                actor = Actor(0, owner, Membership.Role.ADMIN, program=True)
                background.take_over(actor, file.name, found)
        except RecordError as error:
            raise CommandError(f"{error.sentence} {error.path}".strip(), returncode=3) from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from None
        taken = sum(one.body is not None for one in found)
        self.stdout.write(f"{taken} of {len(found)} {'can be taken over' if dry_run else 'were taken over'}.")

    def _told(self, one: Candidate) -> Candidate:
        self.stdout.write(f"{'TAKEN' if one.body else 'REFUSED':8}{one.name}")
        for finding in one.findings:
            values = ", ".join(f"{name} {value}" for name, value in finding.values.items())
            self.stdout.write(f"        {finding.severity} {finding.code}: {finding.sentence} {values}".rstrip())
        return Candidate(one.name, (), one.body, one.place)


def _candidates(file: Path, terms: Terms) -> Iterator[Candidate]:
    with file.open("rb") as opened:
        if opened.read(4) != b"PK\x03\x04":
            opened.seek(0)
            yield from background.read(opened.read(MOST_BYTES + 1), terms)
            return
        opened.seek(0)
        digest = f"sha256:{file_digest(opened, 'sha256').hexdigest()}"
        today = clock.now().date()
        for document in stream_archive(opened):
            yield background_of(document, terms, today, digest)

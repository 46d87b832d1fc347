"""`manage.py epd_check FILE`: the rules S1 to P16 on a declaration in any format."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from epd.documents.checking import Answer, Word
from epd.documents.finding import Finding
from epd.documents.report import NOT_CHECKED, Checked, to_value
from epd.services import epd_check
from traceability.ledger.errors import RecordError


class Command(BaseCommand):
    help = "Checks an EPD file (openEPD, ILCD+EPD XML or ZIP, soda4LCA JSON); ends with 1 when a rule finds an error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--previous", type=Path, help="an earlier declaration of the same product")
        parser.add_argument("--upstream", type=Path, action="append", default=[], help="a declaration it builds on")
        parser.add_argument("--json", action="store_true", help="print the report for programs")

    def handle(self, *, file: Path, previous: Path | None, upstream: list[Path], json: bool, **options: Any) -> None:
        try:
            earlier = _read(previous) if previous else None
            found = epd_check.check(_read(file), earlier, tuple(_read(one) for one in upstream))
        except RecordError as error:
            raise CommandError(f"{error.sentence} {error.path}".strip(), returncode=3) from None
        if json:
            self.stdout.write(_as_json(found))
        else:
            for one in found:
                self._tell(one)
            self.stdout.write("Not checked:")
            for sentence in NOT_CHECKED:
                self.stdout.write(f"  {sentence}")
        if any(one.word is Word.ERROR for one in found):
            sys.exit(1)

    def _tell(self, checked: Checked) -> None:
        document = checked.document
        counts = ", ".join(f"{count} {word}" for word, count in checked.counts().items() if count)
        self.stdout.write(f"{document.name or 'No name'} ({document.format}, version {document.version or '-'})")
        self.stdout.write(f"Rules: {counts}\n")
        for answer in checked.answers:
            self.stdout.write(f"{answer.rule.id:4}{answer.word.upper():17}{answer.rule.title}")
            for one in answer.findings:
                self.stdout.write(f"      {_line(answer, one)}")


def _line(answer: Answer, finding: Finding) -> str:
    place = " ".join(str(one) for one in (finding.indicator, finding.stage) if one)
    values = ", ".join(f"{name} {value}" for name, value in finding.values.items())
    tolerance = f" ({answer.rule.tolerance})" if answer.rule.tolerance else ""
    return f"{finding.severity} {finding.code}: {finding.sentence}{f' {place}:' if place else ''} {values}{tolerance}"


def _as_json(found: tuple[Checked, ...]) -> str:
    return json.dumps(to_value(found), indent=2, ensure_ascii=False)


def _read(path: Path) -> bytes:
    """The bytes of a file; one byte more than is read, so that a large one is refused and not loaded."""
    try:
        with path.open("rb") as file:
            return file.read(epd_check.MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=2) from None

"""`manage.py messages`: brings the catalogues up to date with the code. Needs GNU gettext."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

from config import record_sentences

CATALOGUES = settings.BASE_DIR / "config" / "locale"
NOTED = settings.BASE_DIR / "traceability" / "web" / "sentences_of_the_record.py"
"""Is there only while the command runs."""
DATE = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)
FORMAT = re.compile(r"^#, python-format(?:\n|(, ))", re.MULTILINE)
PARAMETER = re.compile(r"%(?:\(\w+\))?[sd%]")


class Command(makemessages.Command):
    """All texts of templates and code, and the sentences of the pure cores and the services."""

    help = "Bring the catalogues in config/locale up to date; new texts are empty there, those that are gone leave."
    # A translation that was guessed from a similar text would be shown to nobody, and keep who translates from reading.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            locale=sorted(one.name for one in CATALOGUES.iterdir() if one.is_dir()),
            ignore_patterns=["tests/*", "docs/*", ".*", "var/*", "dist/*"],
            extensions=["html,txt,py"],
            add_location="file",
            no_obsolete=True,
            no_wrap=True,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        NOTED.write_text(record_sentences.as_code(), encoding="utf-8")
        try:
            super().handle(*args, **options)
        finally:
            NOTED.unlink()
        for one in CATALOGUES.rglob("*.po"):
            one.write_text(DATE.sub("", one.read_text(encoding="utf-8")), encoding="utf-8")

    def write_po_file(self, potfile: str, locale: str) -> None:
        entries = Path(potfile).read_text(encoding="utf-8").split("\n\n")
        Path(potfile).write_text("\n\n".join(map(_without_guess, entries)), encoding="utf-8")
        super().write_po_file(potfile, locale)


def _without_guess(entry: str) -> str:
    """The entry of a catalogue; gettext takes the "% o" of "100 % of" for a parameter."""
    if PARAMETER.search(entry):
        return entry
    return FORMAT.sub(lambda found: "#, " if found[1] else "", entry)

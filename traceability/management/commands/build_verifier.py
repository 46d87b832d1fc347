"""Builds dist/lodestone-verify.pyz, the same file that the site offers for download."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from traceability.services.offline_verifier import NAME, ROOT, program


class Command(BaseCommand):
    """manage.py build_verifier"""

    help = f"Builds {NAME}, the auditor's offline verifier; the same sources give the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=None, help=f"the file to write, else dist/{NAME}")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["output"] or ROOT / "dist" / NAME
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(program())
        target.chmod(0o755)
        self.stdout.write(f"{sha256(program()).hexdigest()}  {target}")

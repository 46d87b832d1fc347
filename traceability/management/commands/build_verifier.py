"""Builds the verifiers in dist/, the same files that the site offers for download."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from traceability.services import browser_verifier, offline_verifier


class Command(BaseCommand):
    """manage.py build_verifier"""

    help = f"Builds {offline_verifier.NAME} and {browser_verifier.NAME}; the same sources give the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=offline_verifier.ROOT / "dist", help="the folder, else dist")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        files = {offline_verifier.NAME: offline_verifier.program(), browser_verifier.NAME: browser_verifier.page()}
        for name, content in files.items():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{sha256(content).hexdigest()}  {folder / name}")
        (folder / offline_verifier.NAME).chmod(0o755)

"""Builds the verifiers and the signer in dist/, the same files that the site offers for download."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from traceability.services import browser_verifier, offline_verifier


class Command(BaseCommand):
    """manage.py build_verifier"""

    help = "Builds the verifiers, offline and for the browser, and the signer; the same sources give the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=offline_verifier.ROOT / "dist", help="the folder, else dist")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        files = {
            offline_verifier.NAME: offline_verifier.program(),
            offline_verifier.SIGNER_NAME: offline_verifier.signer(),
            browser_verifier.NAME: browser_verifier.page(),
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{sha256(content).hexdigest()}  {folder / name}")
        for name in (offline_verifier.NAME, offline_verifier.SIGNER_NAME):
            (folder / name).chmod(0o755)

"""`manage.py record_schemas`: writes what docs/formats says of the fields of every kind: schemas/ and fields.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from traceability.ledger.field_tables import fields_text
from traceability.ledger.schemas import schema_files


class Command(BaseCommand):
    help = "Write the JSON schema of each kind of statement, and the table of all fields, to docs/formats."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "docs/formats")

    def handle(self, *, folder: Path, **options: Any) -> None:
        schemas = folder / "schemas"
        schemas.mkdir(parents=True, exist_ok=True)
        files = schema_files()
        for old in schemas.glob("*.json"):
            if old.name not in files:
                old.unlink()
        for name, text in files.items():
            (schemas / name).write_text(text, encoding="utf-8")
        (folder / "fields.md").write_text(fields_text(), encoding="utf-8")
        self.stdout.write(f"{len(files)} schemas and fields.md in {folder}")

"""Documents: stored by their content outside the database, one copy per organisation, typed by what they are."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from traceability.models import Evidence, Organisation
from traceability.selectors.access import Actor
from traceability.services import search_index
from traceability.services.errors import NotAllowed, Refusal

MOST_BYTES: Final = 10 * 10**6
LONGEST_NAME: Final = 200
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
)
_BY_ENDING: Final = {
    ("application/zip", ".xlsx"): "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ("application/zip", ".docx"): "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("text/plain", ".csv"): "text/csv",
    ("text/plain", ".json"): "application/json",
    ("text/plain", ".xml"): "application/xml",
}
_ENDINGS: Final = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "application/zip": (".zip",),
    "text/plain": (".txt",),
} | {kind: (ending,) for (_, ending), kind in _BY_ENDING.items()}
"""Of each kind; the first is given to a name that claims to be something else."""
ACCEPTED: Final = "PDF, PNG, JPEG, XLSX, DOCX, ZIP, CSV, JSON, XML or plain text"


class NotADocument(Refusal):
    """The content is none of the kinds of document that are taken."""

    code = "not_a_document"


class DocumentTooLarge(Refusal):
    code = "document_too_large"


class DocumentEmpty(Refusal):
    code = "document_empty"


def store(*, actor: Actor, name: str, content: bytes) -> Evidence:
    """The row of a document of the actor's organisation; the same content again gives the same row."""
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if not content:
        raise DocumentEmpty("This file is empty. Choose another one.", path="/evidence")
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge(f"Choose a file of at most {MOST_BYTES // 10**6} MB.", path="/evidence")
    media_type = media_type_of(name, content)
    sha256 = hashlib.sha256(content).digest()
    write(path_of(actor.organisation.pk, sha256), content)
    return keep(actor.organisation, sha256, name=name, media_type=media_type, size_bytes=len(content))


def keep(organisation: Organisation, sha256: bytes, *, name: str, media_type: str, size_bytes: int) -> Evidence:
    """The row of a document whose content is in its place."""
    with transaction.atomic():
        row, made = Evidence.objects.get_or_create(
            organisation=organisation,
            sha256=sha256,
            defaults={"name": plain_name(name), "media_type": media_type, "size_bytes": size_bytes},
        )
        if made:
            search_index.name_document(row)
    return row


def named(row: Evidence) -> dict[str, object]:
    """A document as a statement names it."""
    sha256 = "sha256:" + bytes(row.sha256).hex()
    return {"name": row.name, "media_type": row.media_type, "bytes": row.size_bytes, "sha256": sha256}


def path_of(organisation: object, sha256: bytes) -> Path:
    """Where a document lies."""
    return Path(settings.MEDIA_ROOT) / str(organisation) / bytes(sha256).hex()


def media_type_of(name: str, content: bytes) -> str:
    """The media type by the content; the ending of the name only tells kinds apart that begin alike."""
    kind = next((media_type for magic, media_type in _SIGNATURES if content.startswith(magic)), "")
    if not kind:
        if not _is_text(content):
            raise NotADocument(f"Choose a file of one of these kinds: {ACCEPTED}.", path="/evidence")
        kind = "text/plain"
    return _BY_ENDING.get((kind, Path(name).suffix.lower()), kind)


def safe_name(row: Evidence) -> str:
    """The name under which a document is given out: one that ends otherwise than its content gets the right ending."""
    endings = _ENDINGS[row.media_type]
    return row.name if row.name.lower().endswith(endings) else row.name + endings[0]


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def plain_name(name: str) -> str:
    """The last part of a file's name without control characters."""
    plain = "".join(character for character in Path(name.replace("\\", "/")).name if character.isprintable())
    return plain[-LONGEST_NAME:].strip() or "document"


def write(path: Path, content: bytes) -> None:
    """Puts content in its place, whole or not at all; what is there already stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)

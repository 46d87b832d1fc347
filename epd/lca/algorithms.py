"""The algorithms behind a result, each with the digest of its published text (record-format.md section 9)."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    "lodestone-allocation/1": "sha256:2a5d9ed8a8caa7c2c60b83220795ebc4155c1a94faaf165add620e310d038caa",
    "lodestone-completeness/1": "sha256:b07849932aadcbdc0a3dee855bd9e11e1f4ff5909d5f16b6e1ad5b9180b92c18",
    "lodestone-rollup/1": "sha256:63d991f6d067d0e939600e47e2344ae4fbef3b627ab2a7684c91e31e7d6df593",
    "lodestone-shares/1": "sha256:234bcec36129d4a16b01259d7007849d015d8ef6c8e305c2fe177e173e1640d4",
}
"""SHA-256 of docs/algorithms/<id with - for />.md by id; a test compares them."""


OF_PERIODS: Final[Mapping[str, str]] = {
    "lodestone-period/1": "sha256:326ba8c9c49baa044f9b910176e81488942ad91996bde9c51ee343c44528dcc7",
    "lodestone-reference/1": "sha256:9510bbb895cd5bf1259b776fbccb5fb7f42ec376bbb1b7c4e685f1f1f1fca7c3",
}
"""What a reference declaration follows beside them."""

OF_BANDS: Final[Mapping[str, str]] = {
    "lodestone-uncertainty/1": "sha256:3c785b1bd083e6f863bfa45d6d905d11ca22a77cfdb15585bef0d1936073e72b",
}
"""How far figures may lie off: computed when somebody looks, and named where it is shown."""


def references(texts: Mapping[str, str] = TEXTS) -> list[dict[str, str]]:
    """The member `algorithms` of a result computed by this release."""
    return [{"id": name, "text": digest} for name, digest in sorted(texts.items())]

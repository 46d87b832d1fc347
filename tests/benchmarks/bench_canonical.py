"""Canonical bytes are made faster than by the general serializer, with every check of the profile."""

import json
from typing import Any

import rfc8785

from tests.benchmarks.timing import Work, speed_ratio
from traceability.ledger import canonical

RECORD: dict[str, Any] = {
    "format": "lodestone-statement/1",
    "body": {
        "inventory": [
            {
                "amount": f"{row}.25",
                "flow": "Strom, Mittelspannung \u2013 Gr\u00f6\u00dfe" if row % 4 == 0 else "electricity",
                "unit": "kwh",
            }
            for row in range(20)
        ]
    },
    "seen": {"origin": "log.example/lodestone", "size": 123456, "root": "sha256:" + "0" * 64},
}
BYTES = canonical.encode(RECORD)


def often(action: Work) -> Work:
    def work() -> None:
        for _ in range(100):
            action()

    return work


def test_encode_beats_the_general_serializer() -> None:
    ratio = speed_ratio(often(lambda: canonical.encode(RECORD)), often(lambda: rfc8785.dumps(RECORD)))
    print(f"\ncanonical.encode / rfc8785.dumps: {ratio:.1f} times as fast ({len(BYTES)} bytes)")
    assert ratio >= 1.5


def test_parse_with_all_checks_beats_loading_and_serializing_again() -> None:
    ratio = speed_ratio(often(lambda: canonical.parse(BYTES)), often(lambda: rfc8785.dumps(json.loads(BYTES))))
    print(f"\ncanonical.parse / json.loads + rfc8785.dumps: {ratio:.1f} times as fast")
    assert ratio >= 1.2

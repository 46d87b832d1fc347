"""JSON schemas (2020-12) of the signed form of statements, generated from their shapes: docs/formats/schemas/."""

import json
from collections.abc import Mapping
from typing import Final

from traceability.ledger.kinds import KINDS, Kind
from traceability.ledger.kinds.organisations import EVIDENCE, PROCESS
from traceability.ledger.shapes import ListOf
from traceability.ledger.statement import CHAIN, HEADER, LONGEST_CHAINS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
BEYOND: Final = (
    "The bytes are those of RFC 8785, at most 256 KiB, nested at most 12 deep; strings are in Unicode normalisation "
    "form C and of Unicode 14.0.0, without control, private or invisible characters; no number has a fraction.",
    "occurred_from <= occurred_to <= issued_at.",
    "Chains stand in ascending order of their subjects, each once, and are those that the body names; `previous` is "
    "absent exactly where `seq` is 0.",
    "A disclosed value has the schema of the field that it opens.",
)
"""What every statement obeys and a JSON schema cannot say."""


def schema_of(kind: Kind) -> dict[str, object]:
    """The JSON schema of the payloads of a kind; its description names the rules that it cannot express."""
    found = HEADER.schema()
    properties = dict(_objects(found["properties"]))
    properties["kind"] = {"const": kind.name}
    properties["chains"] = _chains(kind)
    properties["body"] = kind.body.schema()
    properties["evidence"] = EVIDENCE.schema()
    if kind.process:
        properties["process"] = PROCESS.schema()
    if not kind.cosigned:
        del properties["cosigners"]
    required = found["required"]
    return {
        "$schema": DIALECT,
        "title": f"{kind.name} (lodestone-statement/1)",
        "description": " ".join((*BEYOND, *_rule(kind))),
        **found,
        "properties": properties,
        "required": [*(required if isinstance(required, list) else []), "chains", "body"],
    }


def _objects(properties: object) -> Mapping[str, object]:
    return properties if isinstance(properties, dict) else {}


def _chains(kind: Kind) -> dict[str, object]:
    if kind.name == "log.heads":
        return {"type": "array", "maxItems": 0}
    return ListOf(CHAIN, most=LONGEST_CHAINS).schema()


def _rule(kind: Kind) -> tuple[str, ...]:
    return () if kind.rule is None or kind.rule.__doc__ is None else (kind.rule.__doc__.strip(),)


def schema_files() -> dict[str, str]:
    """The text of each file of docs/formats/schemas by its name."""
    return {f"{kind.name}.json": json.dumps(schema_of(kind), indent=1) + "\n" for kind in KINDS.values()}

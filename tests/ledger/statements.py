"""One valid statement of every kind, with every field that the kind has, and short ways to change one thing of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from traceability.ledger import closed, identifiers
from traceability.ledger.kinds import KINDS, Kind
from traceability.ledger.kinds.kind import DRAW
from traceability.ledger.kinds.verification import POINTS
from traceability.ledger.shapes import Marking, marking_at
from traceability.ledger.statement import Chain, Cosigner, ProcessStep, Seen, Statement, build_payload, parse_statement

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def urn(name: str) -> str:
    """The urn of a name, the same in every run."""
    digits = sha256(name.encode()).hexdigest()
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def digest(name: str) -> str:
    return identifiers.digest_of(name.encode())


def public_key(name: str) -> str:
    return identifiers.b64url_encode(sha256(name.encode()).digest())


ISSUER, LOT = urn("issuer"), urn("lot")
CONTENT = {"species": "Nd2O3", "content_pct": "12.5", "sdev_rel_pct": "0.5"}
ASSAY = {
    "basis": "treo",
    "treo_pct": "55",
    "rows": [CONTENT],
    "method": "ICP-OES",
    "laboratory": "Lab North",
    "report": "R-17",
}
INVENTORY_ROW = {
    "flow": "hydrochloric acid",
    "role": "ancillary",
    "amount": "30",
    "unit": "kg",
    "concentration": "0.32",
    "factors": ["hcl.us.2011"],
    "basis": "apportioned",
    "apportionment": {"key": "mass", "period": "2026-Q1"},
    "compartment": "to air",
    "elements": [CONTENT],
}
EXCLUSION = {"flow": "capital goods", "reason": "below the cut-off"}
LOT_FIELDS = {
    "lot": LOT,
    "material": "concentrate",
    "stage": "concentrate",
    "lot_number": "C-1",
    "mass_kg": "940",
    "wet_mass_kg": "1000",
    "moisture_pct": "6",
    "assay": ASSAY,
}
PRICE = {"value_per_kg": "75", "currency": "USD", "period": "2026-06", "date": "2026-06-30", "source": "a price report"}
FIGURES = {
    "electricity_module": "a3",
    "bases": [
        {
            "basis": "mass",
            "mass_total_kg": "3",
            "energy_total_mj": "4",
            "gwp": {
                "primary": "1",
                "illustrative": "0",
                "second_hand": "2.5",
                "vintages": [{"vintage": "AR6", "gwp": "3.5"}],
                "quality": {"weight": "3.5", "te": "7", "ge": "7", "ti": "7"},
            },
            "indicators": [
                {
                    "indicator": "gwp_ghg",
                    "a1": "1",
                    "a2": "0.5",
                    "a3": "2",
                    "a1_a3": "3.5",
                    "partial": True,
                    "mass_covered_kg": "3",
                    "energy_covered_mj": "4",
                    "gap_mass": "0",
                    "gap_energy": "0",
                }
            ],
        }
    ],
    "causes": [
        {
            "basis": "mass",
            "by_cause": [{"cause": "electricity", "gwp": "1"}],
            "by_country": [{"country": "EE", "gwp": "3.5"}],
            "sensitivities": [{"factor": "grid.ee.2023", "per_kg": "0.5", "gwp": "1"}],
            "rest": "0",
        }
    ],
    "not_declared": [{"basis": "economic", "indicator": "odp", "reason": "no_price"}],
    "missing_upstream": [urn("bought lot")],
    "missing": [{"flow": "collector", "role": "ancillary", "amount": "500", "unit": "kg", "indicators": ["gwp_ghg"]}],
    "exclusions": [EXCLUSION],
    "allocation": {"choice": "economic", "shares": [{"basis": "mass", "lot": LOT, "share": "1"}]},
    "shares": {
        "basis": "total_rare_earths",
        "elements": [{"element": "Nd", "source": urn("mine"), "share": "1"}],
        "totals": {"count": 612, "root": digest("totals")},
        "sources": [{"source": urn("mine"), "class": "mined", "country": "US"}],
        "classes": [{"class": "mined", "share": "1"}],
        "countries": [{"country": "US", "share": "1"}],
        "recycled": {"post_consumer": "0", "pre_consumer": "0"},
    },
    "flags": ["spot_price"],
}
EXT = {"ext": {"example.org/quality": {"grade": "A", "tests": ["visual", "sieve"], "passed": True}}}
ALGORITHMS = [{"id": "lodestone-rollup/1", "text": digest("rollup")}]
PERIOD = {"from": "2026-01-01", "to": "2026-06-30"}

BODIES: dict[str, dict[str, Any]] = {
    "organisation.register": {
        "public_key": public_key("first"),
        "custody": "holder",
        "recovery_public_key": public_key("recovery"),
        "operator_recovery": False,
        "roles": ["supplier", "auditor"],
        "country": "EE",
        "name": "Baltika Metals",
        "lei": "529900T8BM49AURSDO55",
        "did": "did:web:baltika.example",
        "domain": "baltika.example",
        **EXT,
    },
    "organisation.attest": {
        "attestation": urn("attestation"),
        "organisation": urn("other"),
        "checked": ["identity", "address"],
        "note": "register of companies, 2 November",
        **EXT,
    },
    "facility.register": {
        "facility": urn("facility"),
        "country": "EE",
        "region": "Ida-Virumaa",
        "name": "Works 1",
        "address": "Kesk 1",
        "latitude_deg": "59.4",
        "longitude_deg": "-27.7",
        "processes": ["molten salt electrolysis"],
        **EXT,
    },
    "facility.certificate": {
        "facility": urn("facility"),
        "standard": "ISO 14001:2015",
        "valid_from": "2025-03-01",
        "valid_until": "2028-02-29",
        "renews": digest("certificate before"),
        "certifier": "Example Cert GmbH",
        "number": "EC-104 221",
        "scope": "Electrolysis and casting",
        **EXT,
    },
    "key.add": {"public_key": public_key("new"), "custody": "platform", "by": "operator", "reason": "lost key"},
    "key.rotate": {"public_key": public_key("new"), "custody": "holder"},
    "key.revoke": {"key": digest("key"), "compromised_from_index": 7, "reason": "laptop stolen"},
    "lot.source": {
        **LOT_FIELDS,
        "origin": "mined",
        "country": "US",
        "facility": urn("facility"),
        "custody_model": "segregated",
        "supplier": "a mine",
        "inventory": [INVENTORY_ROW],
        "exclusions": [EXCLUSION],
        **EXT,
    },
    "lot.import": {
        **{name: LOT_FIELDS[name] for name in ("lot", "material", "stage", "lot_number", "mass_kg", "assay")},
        "log": "log.example/other",
        "organisation": urn("foreign sender"),
        "dispatch": digest("foreign dispatch"),
        "custody_hash": digest("foreign head"),
        "bundle": digest("foreign bundle"),
        "public_key": public_key("foreign"),
        "facility": urn("facility"),
        **EXT,
    },
    "lot.transform": {
        "facility": urn("facility"),
        "custody_model": "controlled_blending",
        "inputs": [{"lot": urn("in 1"), "mass_kg": "1000.5"}, {"lot": urn("in 2"), "mass_kg": "20"}],
        "outputs": [{**LOT_FIELDS, "class": "product", "price": PRICE}],
        "losses": [{"kind": "slag", "mass_kg": "1.5", "elements": [CONTENT]}],
        "wip_change": [{"species": "Nd", "mass_kg": "-0.5"}],
        "inventory": [INVENTORY_ROW],
        "exclusions": [EXCLUSION],
        **EXT,
    },
    "lot.assay": {"lot": LOT, "assay": ASSAY, **EXT},
    "lot.result": {
        "lot": LOT,
        "computed_from": {
            "statements": [digest("step")],
            "results": [{"lot": urn("in 1"), "statement": digest("result of in 1")}],
            "receipts": [{"lot": urn("in 2"), "statement": digest("receipt of in 2")}],
        },
        "factors": digest("factors"),
        "algorithms": ALGORITHMS,
        "period": PERIOD,
        **FIGURES,
        **EXT,
    },
    "lot.dispatch": {
        "lot": LOT,
        "to": {"origin": "log.example/other", "organisation": urn("other")},
        "mass_kg": "940",
        "tolerance_pct": "0.05",
        "reference": "CMR 17",
        **EXT,
    },
    "lot.dispatch_cancel": {"lot": LOT, "reason": "wrong customer", **EXT},
    "lot.receive": {
        "lot": LOT,
        "dispatch": digest("dispatch"),
        "difference": "within",
        "weighed_mass_kg": "939.9",
        "facility": urn("facility"),
        "legs": [{"mode": "road", "distance_km": "450", "factors": ["hgv.uk.2025"]}],
        "packaging_kg": "12.5",
        "moisture_pct": "6",
        **EXT,
    },
    "lot.reject": {"lot": LOT, "dispatch": digest("dispatch"), "reason": "wet", **EXT},
    "lot.settle": {"lot": LOT, "mass_kg": "935", "reason": "weighed again", **EXT},
    "lot.adjust": {"lot": LOT, "change_kg": "-0.5", "reason": "stock-take", **EXT},
    "lot.dispose": {"lot": LOT, "mass_kg": "12", "route": "landfill", **EXT},
    "lot.hold": {"lot": LOT, "reason": "second sample", **EXT},
    "lot.release": {"lot": LOT, "reason": "sample passed", **EXT},
    "lot.recall": {"lot": LOT, "reason": "wrong alloy", **EXT},
    "statement.correct": {
        "replaces": digest("original"),
        "newest": digest("original"),
        "reason": "typing error",
        "as": {
            "occurred_from": "2026-11-01T08:00:00Z",
            "occurred_to": "2026-11-01T09:00:00Z",
            "utc_offset": "+02:00",
            "process": [{"step": "leach", "country": "MY"}],
            "body": {"lot": LOT, "reason": "third sample"},
            "evidence": [{"name": "r.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": digest("r.pdf")}],
        },
    },
    "statement.void": {"voids": digest("original"), "reason": "never happened"},
    "statement.attest": {
        "attestation": urn("attestation"),
        "statements": [digest("step"), digest("receipt")],
        "scope": ["matter", "custody"],
        "opinion": "conforms",
        "note": "stock seen on 2 November",
        **EXT,
    },
    "declaration.publish": {
        "declaration": urn("declaration"),
        "lot": LOT,
        "custody_hash": digest("head"),
        "result": digest("result"),
        "title": "EPD-style declaration, not verified",
        "product": "NdPr metal",
        "declarant": "Baltika Metals",
        "country": "EE",
        "profile": "international-epd-default/1",
        "declared_unit": {"amount": "1", "unit": "kg"},
        "illustrative": True,
        "factors": digest("factors"),
        "algorithms": ALGORITHMS,
        "period": PERIOD,
        "valid_until": "2031-11-01",
        "reference": {
            "declaration": urn("reference"),
            "statement": digest("reference"),
            "justification": "one lot",
            "deviations": [
                {"basis": "mass", "indicator": "gwp_ghg", "deviation": "0.12", "worse_by_tenth": True},
            ],
        },
        **FIGURES,
        **EXT,
    },
    "declaration.reference": {
        "declaration": urn("reference"),
        "title": "EPD-style declaration, not verified",
        "product": "NdPr metal",
        "declarant": "Baltika Metals",
        "country": "EE",
        "profile": "international-epd-default/1",
        "declared_unit": {"amount": "1", "unit": "kg"},
        "illustrative": True,
        "factors": digest("factors"),
        "algorithms": ALGORITHMS,
        "facility": urn("facility"),
        "material": "NdPr metal",
        "stage": "metal",
        "period": {"from": "2025-07-01", "to": "2026-06-30"},
        "valid_until": "2031-07-01",
        "computed_from": {
            "statements": [digest("step")],
            "results": [{"lot": LOT, "statement": digest("result")}],
            "receipts": [{"lot": LOT, "statement": digest("receipt")}],
        },
        "made_lots": 1,
        "lots": [{"lot": LOT, "made_on": "2026-01-31", "made_kg": "500", "disposed_kg": "20"}],
        "meters": [
            {
                "flow": "electricity",
                "unit": "kWh",
                "role": "electricity",
                "factors": ["grid.ee.2025"],
                "compartment": "air",
                "metered": "10000",
                "stated": "9000",
                "in_progress": "-200",
                "disposals": "300",
                "overhead": "400",
            }
        ],
        "gaps": [{"flow": "electricity", "unit": "kWh", "share": "-0.02", "finding": "gap_too_large"}],
        "stock": {"opening_kg": "50", "shipped_kg": "400", "closing_kg": "130"},
        "stock_gap": "0",
        "products": [{"material": "NdPr metal", "stage": "metal", "kg": "480", "price": PRICE}],
        "explanation": "a meter was changed in March",
        **FIGURES,
        **EXT,
    },
    "declaration.withdraw": {"declaration": urn("declaration"), "reason": "wrong factor"},
    "declaration.supersede": {
        "declaration": urn("declaration"),
        "successor": urn("next declaration"),
        "reason": "new figures",
    },
    "declaration.submit": {
        "declaration": urn("declaration"),
        "to": urn("verifier"),
        "asks": "verification",
        "entered_by": urn("who entered"),
        "approved_by": urn("who approved"),
        **EXT,
    },
    "declaration.verify": {
        "declaration": urn("declaration"),
        "publication": digest("publication"),
        "verified_by": urn("who verified"),
        "scope": "declaration",
        "level": "limited",
        "standards": ["ISO 14025:2026", "EN 15804:2012+A2:2019"],
        "valid_until": "2031-10-31",
        "accreditation": "AB-1234, invented",
        "points": [
            {"point": "neutralisation", "answer": "remark", "note": "gypsum by stoichiometry"},
            *({"point": one, "answer": "conforms"} for one in POINTS[1:]),
        ],
        "sampled": [digest("step")],
        "note": "two meters seen",
        **EXT,
    },
    "declaration.refuse": {
        "declaration": urn("declaration"),
        "reason": "swarf leaves the step without a burden",
        "successor": urn("next declaration"),
    },
    "declaration.register": {
        "declaration": urn("declaration"),
        "verification": digest("verification"),
        "registered_by": urn("who registered"),
        "programme": "Demonstration programme",
        "number": "DEMO-0001",
        "pcr": {"name": "Rare-earth products", "number": "PCR-1", "valid_until": "2029-01-01"},
        "published": "2026-11-02",
        "valid_until": "2031-10-31",
        **EXT,
    },
    "account.open": {
        "account": urn("account"),
        "model": "mass_balance",
        "method": "credit",
        "facility": urn("facility"),
        "materials_in": ["magnet scrap", "NdPr oxide"],
        "materials_out": ["NdPr metal"],
        "element": "Nd",
        "characteristic": {"source": "mined", "country": "AU"},
        "conversion_factor": "0.95",
        "period_months": 12,
        "name": "Recycled neodymium, Narva",
        **EXT,
    },
    "account.credit": {
        "account": urn("account"),
        "lot": LOT,
        "result": digest("result"),
        "claim": digest("claim"),
        "content_kg": "268",
        "share": "0.5",
        "amount_kg": "127.3",
        **EXT,
    },
    "account.claim": {
        "account": urn("account"),
        "lot": LOT,
        "content_kg": "268",
        "amount_kg": "100",
        "claimant": "Rotor Works",
        **EXT,
    },
    "account.expire": {
        "account": urn("account"),
        "credit": digest("credit"),
        "amount_kg": "27.3",
        "reason": "the certificate of the supplier was withdrawn",
        **EXT,
    },
    "log.heads": {"size": 12, "root": digest("heads")},
    "factors.publish": {
        "subject": urn("factors"),
        "name": "Lodestone factors",
        "version": "2026-11",
        "count": 212,
        "root": digest("root"),
    },
}


def body_of(kind: str, **changes: Any) -> dict[str, Any]:
    """The body of a kind with these fields changed; None removes one."""
    body = json.loads(json.dumps(BODIES[kind])) | changes
    return {name: value for name, value in body.items() if value is not None}


def salts() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        yield number.to_bytes(closed.SALT_BYTES)


def closed_form(kind: Kind, body: dict[str, Any]) -> tuple[dict[str, Any], tuple[closed.Disclosure, ...]]:
    """The signed form of a body in which everything is closed that may be, and the disclosures."""
    return closed.close_fields(body, lambda place: marking_at(kind.body, place) is not Marking.OPEN, salts())


def chains_of(kind: str, body: dict[str, Any], roles: dict[str, str] | None = None) -> list[Chain]:
    """The chains that a statement of this kind advances; `roles` says which draws take the rest."""
    subjects = KINDS[kind].subjects
    if subjects is None:
        of = (ISSUER, "subject") if not kind.startswith("statement.") else (LOT, "lot")
        return [Chain(of[0], of[1], *_place(kind == "organisation.register"))]
    return [
        Chain(subject, (roles or {}).get(subject, among[0]), *_place(among != DRAW and among != ("lot",)))
        for subject, among in subjects(body).items()
    ]


def _place(opens: bool) -> tuple[int, str | None]:
    return (0, None) if opens else (3, digest("before"))


def header(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `build_payload` for a statement of this kind."""
    cosigned = kind in ("organisation.register", "key.add", "key.rotate")
    return {
        "id": urn(f"{kind} statement"),
        "nonce": identifiers.b64url_encode(bytes(range(16))),
        "kind": kind,
        "issuer": ISSUER,
        "key": digest("key of the issuer"),
        "occurred": (NOON, NOON),
        "utc_offset": "+02:00",
        "issued_at": NOON,
        "seen": Seen("log.example/lodestone", 4, digest("root of 4")),
        "chains": chains_of(kind, body),
        "cosigners": [Cosigner(ISSUER, digest("second key"))] if cosigned else [],
        "process": [ProcessStep("leach", "MY"), ProcessStep("separate", "MY")] if KINDS[kind].process else [],
        "body": body,
        "evidence": [{"name": "r.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": digest("r.pdf")}],
    }


def payload(kind: str, body: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """The payload of a valid statement of this kind, with these parts of the header changed."""
    said = body_of(kind) if body is None else body
    return build_payload(**(header(kind, said) | changes))


def said(kind: str, body: dict[str, Any] | None = None, **changes: Any) -> Statement:
    """The same, parsed."""
    return parse_statement(payload(kind, body, **changes))

"""A declaration and its verification in the shapes of UNTP 0.7.0: Digital Product Passport, Conformity Credential.

The figures are those of the signed statement; JSON numbers hold 16 digits of them, words beside them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from traceability.credentials.contexts import UNTP
from traceability.credentials.data_model import CONTEXT
from traceability.credentials.multibase import digest_multibase

Json = dict[str, Any]
TOPICS: Final = "https://vocabulary.uncefact.org/conformity-topics/"
METRICS: Final = "https://vocabulary.uncefact.org/performance-metrics/"
EMISSIONS: Final = ("greenhouse-gas-emissions", "Greenhouse gas emissions")
RECYCLED: Final = ("recycled-material-integration", "Recycled material integration")
HIDDEN: Final = "Not disclosed"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation by its DID, with the name that the reader may know."""

    did: str
    name: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What every credential says of itself: its address, its issuer, and the statement that it is a view of."""

    id: str
    issuer: Party
    since: str
    until: date | None
    status: Mapping[str, Any]
    statement: str
    """The digest."""
    statement_url: str
    words_url: str
    """Where the words of this record are explained."""


@dataclass(frozen=True, slots=True)
class Product:
    """What was declared."""

    id: str
    name: str
    title: str
    """What the document may be called: never more than it is."""
    stage: str
    country: tuple[str, str]
    facility: tuple[str, str]
    made_on: date | None
    """None of a reference, which is a product and no lot."""
    lot_number: str
    basis: str
    gwp_ghg: Decimal | None
    """kg CO2e per kg, A1 to A3; None is not declared."""
    recycled: tuple[Decimal, Decimal] | None
    """Shares of the rare earths from post- and from pre-consumer waste."""
    origins: Sequence[tuple[str, Decimal]]
    """Where the rare earths were mined, or a class of what was recycled, with their shares."""
    illustrative: bool
    page: str
    published: date


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verifier signed on it."""

    id: str
    level: str
    standards: Sequence[str]
    accreditation: str
    declarant: Party
    on: date


def passport(issued: Issued, product: Product) -> Json:
    """The Digital Product Passport of a declaration."""
    code, country = product.country
    subject: Json = {
        **_named(product, ["Product"]),
        "description": _description(product),
        "idScheme": {"type": ["IdentifierScheme"], "id": issued.words_url, "name": "Addresses of this record"},
        "idGranularity": _granularity(product),
        "productCategory": [_category(product, issued)],
        "producedAtFacility": {"type": ["Facility"], "id": product.facility[0], "name": product.facility[1]},
        "countryOfProduction": {"countryCode": code, "countryName": country},
        "relatedParty": [{"role": "manufacturer", "party": _party(issued.issuer)}],
        "relatedDocument": _documents(issued, product),
        "performanceClaim": _claims(issued, product),
        "characteristics": _characteristics(issued, product),
    }
    if product.made_on is not None:
        subject["productionDate"] = product.made_on.isoformat()
    if product.lot_number and product.made_on is not None:
        subject["batchNumber"] = product.lot_number
    return _credential(issued, "DigitalProductPassport", f"{product.title}: {product.name}", subject)


def conformity(issued: Issued, product: Product, verified: Verification) -> Json:
    """The Conformity Credential of a verification: what a verifier signed on a declaration."""
    criteria = [_criterion(issued, name) for name in verified.standards]
    level = f"Verification with {verified.level} assurance"
    accredited = (
        f" Accreditation, as the verifier says himself: {verified.accreditation}." if verified.accreditation else ""
    )
    assessment: Json = {
        "type": ["ConformityAssessment"],
        "id": f"{verified.id}#assessment",
        "name": level,
        "assessmentCriteria": criteria,
        "assessmentDate": verified.on.isoformat(),
        "assessedPerformance": _performance(product),
        "assessedProduct": [
            {
                "product": {**_named(product, ["Product"]), "idGranularity": _granularity(product)},
                "idVerifiedByCAB": False,
            }
        ],
        "conformityTopic": [_topic(EMISSIONS)],
        "conformance": True,
    }
    subject: Json = {
        "type": ["ConformityAttestation"],
        "id": verified.id,
        "name": f"{level} of an EPD-style declaration: {product.name}",
        "description": f"{_description(product)}{accredited}",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "no-endorsement",
        "attestationType": "verification",
        "issuedToParty": _party(verified.declarant),
        "referenceScheme": {
            "type": ["ConformityScheme"],
            "id": issued.words_url,
            "name": "Verification in this record",
        },
        "auditableEvidence": _signed(issued),
        "conformityAssessment": [assessment],
    }
    return _credential(issued, "DigitalConformityCredential", str(subject["name"]), subject)


def _credential(issued: Issued, kind: str, name: str, subject: Json) -> Json:
    credential = {
        "@context": [CONTEXT, UNTP],
        "type": [kind, "VerifiableCredential"],
        "id": issued.id,
        "issuer": {"type": ["CredentialIssuer"], "id": issued.issuer.did, "name": issued.issuer.name},
        "validFrom": issued.since,
        "name": name,
        "credentialSubject": subject,
        "credentialStatus": dict(issued.status),
    }
    if issued.until is not None:
        credential["validUntil"] = f"{issued.until.isoformat()}T23:59:59Z"
    return credential


def _named(product: Product, kinds: list[str]) -> Json:
    return {"type": kinds, "id": product.id, "name": product.name}


def _granularity(product: Product) -> str:
    return "model" if product.made_on is None else "batch"


def _description(product: Product) -> str:
    figures = " All environmental figures are illustrative and not for claims." if product.illustrative else ""
    return f"{product.title}. Declared unit: 1 kg at the gate, modules A1 to A3, {product.basis} allocation.{figures}"


def _party(party: Party) -> Json:
    return {"type": ["Party"], "id": party.did, "name": party.name}


def _category(product: Product, issued: Issued) -> Json:
    return {
        "code": product.stage,
        "name": product.stage,
        "schemeId": issued.words_url,
        "schemeName": "Stages of the rare-earth chain in this record",
    }


def _criterion(issued: Issued, name: str) -> Json:
    return {"type": ["Criterion"], "id": issued.words_url, "name": name}


def _topic(topic: tuple[str, str]) -> Json:
    return {"type": ["ConformityTopic"], "id": TOPICS + topic[0], "name": topic[1]}


def _signed(issued: Issued) -> Json:
    return {
        "linkURL": issued.statement_url,
        "linkName": "The signed statement that this is a view of",
        "mediaType": "application/vnd.dsse+json",
    }


def _documents(issued: Issued, product: Product) -> list[Json]:
    return [{"linkURL": product.page, "linkName": "The declaration", "mediaType": "text/html"}, _signed(issued)]


def _performance(product: Product) -> list[Json]:
    if product.gwp_ghg is None:
        return []
    return [_measured("product-carbon-footprint", "Product carbon footprint, kg CO2e per kg", product.gwp_ghg, "KGM")]


def _measured(metric: str, name: str, value: Decimal, unit: str) -> Json:
    said = {"type": ["PerformanceMetric"], "id": METRICS + metric, "name": name}
    return {"metric": said, "measure": {"value": number(value), "unit": unit}}


def _claims(issued: Issued, product: Product) -> list[Json]:
    claims = []
    if product.gwp_ghg is not None:
        words = f"GWP-GHG {product.gwp_ghg:f} kg CO2e per 1 kg of product, A1 to A3. {_description(product)}"
        claims.append(
            _claim(issued, product, "gwp", "GWP-GHG, cradle to gate", words, EMISSIONS, _performance(product))
        )
    if product.recycled is not None:
        names = ("post-consumer", "pre-consumer")
        shares = [
            _measured("recycled-content-percentage", f"Share of the rare earths from {name} waste", share * 100, "P1")
            for name, share in zip(names, product.recycled, strict=True)
        ]
        words = "Shares of the rare earths alone, post- and pre-consumer apart."
        claims.append(_claim(issued, product, "recycled", "Recycled rare earths", words, RECYCLED, shares))
    return claims


def _claim(
    issued: Issued, product: Product, key: str, name: str, words: str, topic: tuple[str, str], shown: list[Json]
) -> Json:  # fmt: skip
    return {
        "type": ["Claim"],
        "id": f"{product.page}#{key}",
        "name": name,
        "description": words,
        "referenceCriteria": [_criterion(issued, product.title)],
        "claimDate": product.published.isoformat(),
        "claimedPerformance": shown,
        "evidence": [_signed(issued)],
        "conformityTopic": [_topic(topic)],
    }


def _characteristics(issued: Issued, product: Product) -> Json:
    return {
        "declaredUnit": "1 kg of product at the gate",
        "lifeCycleModules": "A1-A3",
        "allocation": product.basis,
        "illustrativeFigures": product.illustrative,
        "signedStatement": issued.statement,
        "signedStatementMultibase": digest_multibase(issued.statement),
        "rareEarthOrigins": [{"origin": name, "share": number(share)} for name, share in product.origins],
    }


def number(value: Decimal) -> float | int:
    """The JSON number nearest to a signed figure."""
    whole = int(value)
    return whole if whole == value else float(value)

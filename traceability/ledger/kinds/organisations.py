"""Kinds that speak of organisations, their keys and facilities, of the log itself, and about other statements."""

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import SUBJECT, Body, Kind, one
from traceability.ledger.shapes import (
    COUNTRY,
    Binary,
    Date,
    Digest,
    Flag,
    Later,
    ListOf,
    Marking,
    Moment,
    Object,
    Quantity,
    Text,
    Urn,
    UtcOffset,
    Whole,
    Word,
    choice,
    closable,
    optional,
)

ORGANISATION_ROLES = ("supplier", "buyer", "auditor", "verifier", "laboratory", "programme_operator", "operator")
ATTESTED_SCOPES = ("custody", "matter", "inventory", "result")
CHECKED = ("identity", "address", "role", "facility")
CUSTODY = Word(("holder", "platform"))
REASON = Text(1000)
PUBLIC_KEY = Binary(32)
EVIDENCE = ListOf(
    Object(
        {"name": Text(200), "media_type": Text(100), "bytes": Whole(), "sha256": Digest()},
    ),
    most=100,
    rows=Marking.CLOSABLE,
)
PROCESS = ListOf(Object({"step": Text(120), "country": COUNTRY}), most=30)


class EndsBeforeItBegins(RecordError):
    """A certificate whose last day is before its first."""

    code = "ends_before_it_begins"


def _check_validity(body: Body, path: str) -> None:
    if str(body["valid_until"]) < str(body["valid_from"]):
        raise EndsBeforeItBegins("Its last day is before its first. Look at both again.", path=f"{path}/valid_until")


ORGANISATION_KINDS = (
    Kind(
        "organisation.register",
        Object(
            {
                "public_key": PUBLIC_KEY,
                "custody": CUSTODY,
                "recovery_public_key": optional(PUBLIC_KEY),
                "operator_recovery": optional(Flag()),
                "roles": ListOf(Word(ORGANISATION_ROLES), distinct=True),
                "country": COUNTRY,
                "name": closable(Text(200)),
                "lei": closable(Text(20, "[0-9A-Z]{20}", "529900T8BM49AURSDO55"), required=False),
                "did": closable(Text(300), required=False),
                "domain": closable(Text(253), required=False),
            },
            extensible=True,
        ),
        None,
        correctable=True,
        cosigned=True,
    ),
    Kind(
        "organisation.attest",
        Object(
            {
                "attestation": Urn(),
                "organisation": Urn(),
                "checked": ListOf(Word(CHECKED), distinct=True),
                "note": closable(Text(1000), required=False),
            },
            extensible=True,
        ),
        one("attestation", SUBJECT),
        correctable=True,
        voidable=True,
    ),
    Kind(
        "facility.register",
        Object(
            {
                "facility": Urn(),
                "country": COUNTRY,
                "region": choice(Text(80), required=False),
                "name": closable(Text(200)),
                "address": closable(Text(500), required=False),
                "latitude_deg": closable(Quantity(least="-90", most="90", places=6), required=False),
                "longitude_deg": closable(Quantity(least="-180", most="180", places=6), required=False),
                "processes": choice(ListOf(Text(120), most=30), required=False),
            },
            extensible=True,
        ),
        None,
        correctable=True,
        voidable=True,
    ),
    Kind(
        "facility.certificate",
        Object(
            {
                "facility": Urn(),
                "standard": Text(120),
                "valid_from": Date(),
                "valid_until": Date(),
                "renews": optional(Digest()),
                "certifier": choice(Text(200)),
                "number": choice(Text(80), required=False),
                "scope": choice(Text(500), required=False),
            },
            extensible=True,
        ),
        None,
        correctable=True,
        voidable=True,
        rule=_check_validity,
    ),
    Kind(
        "key.add",
        Object(
            {
                "public_key": PUBLIC_KEY,
                "custody": CUSTODY,
                "by": optional(Word(("operator",))),
                "reason": optional(REASON),
            }
        ),
        None,
        cosigned=True,
    ),
    Kind("key.rotate", Object({"public_key": PUBLIC_KEY, "custody": CUSTODY}), None, cosigned=True),
    Kind(
        "key.revoke",
        Object({"key": Digest(), "compromised_from_index": Whole(), "reason": REASON}),
        None,
    ),
)

LOG_KINDS = (
    Kind("log.heads", Object({"size": Whole(), "root": Digest()}), lambda body: {}),
    Kind(
        "factors.publish",
        Object({"subject": Urn(), "name": Text(120), "version": Text(60), "count": Whole(1), "root": Digest()}),
        one("subject", SUBJECT),
        correctable=True,
        voidable=True,
    ),
)


STATEMENT_KINDS = (
    Kind(
        "statement.correct",
        Object(
            {
                "replaces": Digest(),
                "newest": Digest(),
                "reason": REASON,
                "as": Object(
                    {
                        "occurred_from": Moment(),
                        "occurred_to": Moment(),
                        "utc_offset": UtcOffset(),
                        "process": optional(PROCESS),
                        "body": Later(),
                        "evidence": optional(EVIDENCE),
                    }
                ),
            }
        ),
        None,
    ),
    Kind("statement.void", Object({"voids": Digest(), "reason": REASON}), None),
    Kind(
        "statement.attest",
        Object(
            {
                "attestation": Urn(),
                "statements": ListOf(Digest(), distinct=True),
                "scope": ListOf(Word(ATTESTED_SCOPES), distinct=True),
                "opinion": Word(("conforms", "does_not_conform")),
                "note": closable(Text(2000), required=False),
            },
            extensible=True,
        ),
        one("attestation", SUBJECT),
        correctable=True,
        voidable=True,
    ),
)

"""Certificates of the sites where the lots were made, as they stood when the log did; they decide no verdict."""

from datetime import date

from traceability.ledger.kinds.kind import Body
from traceability.rules.certificates import Certificate, Validity, validity
from traceability.verifier.facts import Facts, Topic, note
from traceability.verifier.report import moment_of

KIND = "facility.certificate"


def check_certificates(facts: Facts) -> None:
    """A note for each certificate of a site of the lots that is expired, with nothing in its place."""
    cosigned_at = None if facts.signed is None else facts.signed.cosigned_at
    if cosigned_at is None:
        return
    as_of = moment_of(cosigned_at).date()
    stated = [
        _certificate(version.original.digest, version.body, withdrawn=version.withdrawn)
        for version in facts.world.versions.values()
        if version.original.kind == KIND
    ]
    sites, found = _sites(facts), validity(stated, as_of)
    for one in stated:
        if one.facility in sites and found[one.digest] is Validity.EXPIRED:
            sentence = f"The certificate {one.standard} of this site ended on {one.valid_until}."
            facts.say(Topic.CURRENT, note("certificate_expired", one.facility, sentence))


def _sites(facts: Facts) -> set[str]:
    """The facilities that the statements name which made the lots."""
    made = (facts.world.lot(lot) for lot in facts.lots)
    creators = [facts.world.effective(known.custody.created_by) for known in made if known is not None]
    return {str(one.body["facility"]) for one in creators if one is not None and "facility" in one.body}


def _certificate(digest: str, body: Body, *, withdrawn: bool) -> Certificate:
    first, last = (date.fromisoformat(str(body[name])) for name in ("valid_from", "valid_until"))
    return Certificate(
        digest, str(body["facility"]), str(body["standard"]), first, last, str(body.get("renews", "")), withdrawn
    )

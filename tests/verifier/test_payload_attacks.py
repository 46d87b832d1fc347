"""Unknown kinds, and attacks on payloads, confidential values and documents (record-format.md sections 1 to 5)."""

import pytest

from tests.verifier.builder import Log, codes, urn
from tests.verifier.stories import Story, correct, lot, mine_to_metal, smallest
from traceability.ledger import bundle, closed, envelope
from traceability.verifier.report import Verdict

ORE = lot("ore", "1000", stage="ore", origin="mined", country="US", lot_number="ORE-1")
HOLD = {"lot": urn("metal"), "reason": "waits"}


# Kinds that this version does not know


@pytest.mark.parametrize("kind", ["lot.teleport", "lot.pack", "log.successor"])
def test_an_unknown_kind_is_incomplete_and_what_follows_is_not_condemned(kind):
    story = mine_to_metal(commit=False)
    b = story.parties["b"]

    def renamed(content):
        return content | {"kind": kind}

    story.log.say(b, "lot.hold", HOLD, tamper=renamed)
    story.log.say(b, "lot.release", {"lot": urn("metal")})
    story.log.commit()
    report = story.report()
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, {"unknown_kind"})


def test_an_unknown_format_is_incomplete():
    story = mine_to_metal(commit=False)
    story.log.say(
        story.parties["b"], "lot.hold", HOLD, tamper=lambda content: content | {"format": "lodestone-statement/2"}
    )
    story.log.commit()
    report = story.report()
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, {"unknown_kind"})


# Confidential values


def changed_source(**changes):
    """The smallest story, its payload changed before it was signed."""
    log = Log()
    said = log.say(log.operator, "lot.source", ORE, **changes)
    log.commit()
    return Story(log, urn("ore"), {"operator": log.operator}, {"source": said})


def test_one_signature_never_shows_two_values():
    """Section 3, the name is bound in the open: one value to two readers.

    A second disclosure under the same name has another digest, and nothing signed leads to it.
    """
    story = changed_source()
    other = closed.disclose(bytes(16), "200", name="mass_kg")
    [digest] = [one for place, one in story.said["source"].places.items() if place == "/body/mass_kg"]
    members = story.log.members()
    assert codes(story.report(members | {bundle.disclosure_name(other.digest): other.text.encode()})) == {
        "spare_member"
    }
    members[bundle.disclosure_name(digest)] = other.text.encode()
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "disclosure_mismatch" in codes(report)


def test_a_disclosure_opens_the_field_that_it_was_made_for():
    number = closed.disclose(bytes(16), "1000", name="lot_number")

    def tamper(content):
        content["body"]["closed"]["mass_kg"] = number.digest
        return content

    story = changed_source(tamper=tamper)
    story.said["source"].disclosures = {number.digest: number.text}
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "disclosure_mismatch" in codes(report)


def test_a_digest_is_not_copied_from_another_statement():
    """Section 3, a digest occurs once in a log: what one never saw is not claimed under another's digest."""
    log = Log()
    first = log.say(log.operator, "lot.source", ORE)
    [digest] = [one for place, one in first.places.items() if place == "/body/mass_kg"]

    def tamper(content):
        content["body"]["closed"]["mass_kg"] = digest
        return content

    log.say(log.operator, "lot.dispatch", {"lot": urn("ore"), "to": "outside", "mass_kg": "1", "tolerance_pct": "0.05"},
            tamper=tamper)  # fmt: skip
    log.said[-1].disclosures = {}
    log.commit()
    report = Story(log, urn("ore")).report()
    assert report.verdict is Verdict.INVALID
    assert "digest_twice" in codes(report)


def test_a_correction_keeps_the_digests_of_what_it_does_not_change():
    story = mine_to_metal(commit=False)
    body = lot("ore", "1000", stage="ore", origin="mined", country="AU", facility=urn("mine"))
    body |= {"assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"}]}}
    kept = correct(story, "source", body, keep=story.said["source"])
    assert set(story.said["source"].places.values()) & set(kept.places.values())
    story.log.commit()
    report = story.report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    shares = next(check for check in report.checks if check.name == "Shares and recycled content")
    assert "100.0 % AU" in shares.sentence


def test_a_correction_keeps_a_digest_at_its_place_and_nowhere_else():
    story = mine_to_metal(commit=False)
    [digest] = [one for place, one in story.said["mine"].places.items() if place == "/body/name"]

    def tamper(content):
        content["body"]["as"]["body"]["closed"]["address"] = digest
        return content

    correct(story, "mine", {"facility": urn("mine"), "country": "US", "name": "x"}, tamper=tamper)
    story.log.commit()
    report = story.report(story.log.members(hidden=[digest]))
    assert report.verdict is Verdict.INVALID
    assert "digest_twice" in codes(report)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (lambda c: c["body"].update(mass_kg="5") or c, "open_and_closed"),
        (lambda c: c["body"]["closed"].update(origin="A" * 43) or c, "not_closable"),
        (lambda c: c["body"]["closed"].pop("mass_kg") and c, "missing_field"),
        (lambda c: c["body"].update(surprise="x") or c, "unknown_field"),
        (lambda c: c | {"issued_at": "2026-11-01T00:00:00Z"}, "time_order"),
    ],
)
def test_a_payload_outside_the_format(tamper, code):
    report = changed_source(tamper=tamper).report()
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


# Documents


def test_a_document_matches_byte_for_byte_and_a_missing_one_is_a_warning():
    content = b"%PDF-1.7 a laboratory report"
    digest = bundle.sha256(content).hexdigest()
    row = {"name": "report.pdf", "media_type": "application/pdf", "bytes": len(content), "sha256": f"sha256:{digest}"}
    story = changed_source(evidence=[row])
    members = story.log.members()
    assert codes(story.report(members)) == {"document_missing"}
    with_document = members | {f"evidence/{digest}": content}
    assert story.report(with_document).verdict is Verdict.VALID
    assert "document_mismatch" in codes(story.report(members | {f"evidence/{digest}": content + b"!"}))
    [closed_row] = [one for place, one in story.said["source"].places.items() if place.startswith("/evidence")]
    withheld = story.report(story.log.members(hidden=[closed_row]))
    assert withheld.verdict is Verdict.VALID


def test_an_envelope_of_another_statement_type_is_refused():
    story = smallest()
    members = story.log.members()
    name = story.said["source"].name
    members[name] = members[name].replace(envelope.PAYLOAD_TYPE.encode(), b"application/vnd.other+json")
    assert "wrong_payload_type" in codes(story.report(members))

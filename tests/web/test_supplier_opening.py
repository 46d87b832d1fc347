"""Closed values: who reads each is said before the signature, and a single one can be opened, for ever."""

import re

import pytest

from tests.web.suppliers import ORE, People, begin, fill, record, sign
from traceability.ledger import closed, envelope
from traceability.models import Draft, Statement

MASS, ASSAY = "/body/mass_kg", "/body/assay/rows"


def filled(people: People) -> Draft:
    return fill(people.owner, begin(people.owner, "source"), ORE)


def press(people: People, draft: Draft, button: str, place: str):
    return people.owner.post(f"/record/{draft.pk}/check/", {button: place})


def check(people: People, draft: Draft) -> str:
    html = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def closed_places(statement: Statement) -> set[str]:
    payload = envelope.parse_envelope(bytes(statement.envelope)).payload
    from traceability.ledger.statement import parse_header

    return set(closed.closed_digests(parse_header(payload).content))


def test_each_closed_value_is_listed_with_who_reads_it(people):
    draft = filled(people)
    page = check(people, draft)
    assert "Dry mass 1 000.5 kg The buyer of the lot, and an auditor with your mandate." in page
    assert "What you open is open to anybody for ever; what stays closed can still be opened later." in page


def test_a_single_value_is_opened_and_signed_open(people):
    draft = filled(people)
    assert press(people, draft, "open", MASS)["Location"] == f"/record/{draft.pk}/check/#openings"
    assert "Anybody will read it." in check(people, draft)
    statement = sign(people.owner, draft)
    assert MASS not in closed_places(statement)
    assert ASSAY in closed_places(statement)
    assert b"1000.5" in envelope.parse_envelope(bytes(statement.envelope)).payload


def test_a_whole_assay_is_one_value(people):
    draft = filled(people)
    press(people, draft, "open", ASSAY)
    statement = sign(people.owner, draft)
    assert ASSAY not in closed_places(statement)
    assert b'"content_pct":"0.66"' in envelope.parse_envelope(bytes(statement.envelope)).payload


def test_before_the_signature_it_is_closed_again(people):
    draft = filled(people)
    press(people, draft, "open", MASS)
    press(people, draft, "close", MASS)
    assert MASS in closed_places(sign(people.owner, draft))


@pytest.mark.parametrize("place", ["/body/material", "/body/nothing", "/evidence/0", ""])
def test_only_what_would_be_closed_is_opened(people, place):
    draft = filled(people)
    press(people, draft, "open", place)
    draft.refresh_from_db()
    assert not draft.typed.get("opened")


def test_a_changed_answer_closes_it_again_so_that_nothing_else_is_opened(people):
    draft = filled(people)
    press(people, draft, "open", MASS)
    fill(people.owner, draft, {"lot": ORE["lot"]})
    assert draft.typed["opened"] == [MASS]  # nothing was changed
    fill(people.owner, draft, {"lot": ORE["lot"] | {"mass_kg": "900"}})
    assert "opened" not in draft.typed
    press(people, draft, "open", MASS)
    people.owner.post(f"/record/{draft.pk}/assay/", {"add_row": "assay-rows"})
    draft.refresh_from_db()
    assert "opened" not in draft.typed


def test_a_corrected_value_can_be_opened_too(people):
    statement = record(people.owner, "source", ORE)
    people.owner.post(f"/receipts/{statement.urn}/correct")
    draft = fill(people.owner, Draft.objects.get(), {"why": {"correction_reason": "to be seen"}})
    fill(people.owner, draft, {"lot": ORE["lot"] | {"mass_kg": "1000.4"}})
    press(people, draft, "open", "/body/as/body/mass_kg")
    assert "/body/as/body/mass_kg" not in closed_places(sign(people.owner, draft))


def test_what_a_correction_repeats_stays_open(people):
    draft = filled(people)
    press(people, draft, "open", MASS)
    press(people, draft, "open", ASSAY)
    statement = sign(people.owner, draft)
    for changed, closed_now in (({"lot_number": "ORE-8"}, set()), ({"mass_kg": "1000.4"}, {"/body/as/body/mass_kg"})):
        people.owner.post(f"/receipts/{statement.urn}/correct")
        draft = fill(people.owner, Draft.objects.get(), {"why": {"correction_reason": "misread"}})
        correction = sign(people.owner, fill(people.owner, draft, {"lot": ORE["lot"] | changed}))
        both = {"/body/as/body/mass_kg", "/body/as/body/assay/rows"}
        assert closed_places(correction) & both == closed_now


def test_nobody_else_opens_values_of_a_draft(people):
    draft = filled(people)
    posted = {"open": MASS}
    assert people.partner.post(f"/record/{draft.pk}/check/", posted).status_code == 404
    assert people.viewer.post(f"/record/{draft.pk}/check/", posted).status_code == 403
    draft.refresh_from_db()
    assert "opened" not in draft.typed

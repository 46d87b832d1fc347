"""Export licences and HS codes: stated with a dispatch, asked for where a controlled element leaves its country."""

from datetime import timedelta

import pytest

from tests.web.suppliers import WHEN, People, begin, complaints, fill, sign
from traceability.models import Draft, Lot
from traceability.rules.answers import Outcome
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.functions.export_licence import export_licence
from traceability.rules.papers import NAMESPACE, papers_of
from traceability.selectors import rule_facts, statements
from traceability.services import said_drafts
from traceability.services.clock import now
from traceability.services.organisations import on_behalf_of
from traceability.services.submissions import Act
from traceability.web.acting import today

DYSPROSIUM = {"basis": "dry_mass", "rows": [{"species": "Dy2O3", "content_pct": "99"}]}
PAPERS = {
    "export-hs_code": "2846.90",
    "export-category": "oxide",
    "export-licence_number": "24-0007",
    "export-authority": "MOFCOM",
    "export-valid_from": "2026-01-01",
    "export-valid_until": "31.12.2026",
    "export-quota_kg": "500",
}
WARNING = "no export licence is stated that covers the day"


def oxide(people: People, **changes: object) -> Lot:
    """A lot of dysprosium oxide that lies in China."""
    given = {"stage": "oxide", "material": "dysprosium oxide", "country": "CN", "assay": DYSPROSIUM, "facility": None}
    return people.market.lot(people.market.source(**{**given, **changes}))


def page(people: People, lot: Lot, answers: dict[str, str]) -> str:
    """The page before the signature of a dispatch to the separator, in Estonia."""
    return str(people.owner.get(f"/record/{draft(people, lot, answers).pk}/check/").content.decode())


def draft(people: People, lot: Lot, answers: dict[str, str]):
    details = {"lot": lot.urn, "to": people.market.separator.organisation.urn, "mass_kg": "1000", **WHEN, **answers}
    return fill(people.owner, begin(people.owner, "dispatch", lot), {"details": details, "documents": {}})


def test_a_controlled_element_that_leaves_its_country_is_warned_of(people: People) -> None:
    found = page(people, oxide(people), {})
    assert WARNING in found
    assert "leave China for Estonia" in found
    assert "Sign and record" in found


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        ({}, PAPERS),
        ({"country": "AU"}, {}),
        ({"assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "99"}]}}, {}),
        ({"stage": "ore"}, {}),
    ],
)
def test_nobody_is_warned_without_reason(people: People, changes: dict[str, object], answers: dict[str, str]) -> None:
    assert WARNING not in page(people, oxide(people, **changes), answers)


def test_a_licence_that_ended_is_no_licence(people: People) -> None:
    ended = {"export-licence_number": "24-0007", "export-valid_until": "2026-01-31"}
    assert WARNING in page(people, oxide(people), ended)


def test_what_was_stated_stands_on_the_page_and_in_the_record(people: People) -> None:
    lot = oxide(people)
    found = page(people, lot, PAPERS)
    for words in ("2846.90, other rare-earth compounds", "24-0007", "MOFCOM", "2026-12-31", "500"):
        assert words in found
    signed = sign(people.owner, draft(people, lot, PAPERS))
    reader = on_behalf_of(people.market.separator.organisation)
    body = statements.told(reader, [signed], today())[signed.pk].body
    assert body["ext"] == {
        NAMESPACE: {
            "hs_code": "2846.90", "category": "oxide", "licence_number": "24-0007", "authority": "MOFCOM",
            "valid_from": "2026-01-01", "valid_until": "2026-12-31", "quota_kg": "500",
        }
    }  # fmt: skip
    [sent] = rule_facts.facts_of(reader, [people.market.lot(lot.urn)], today())[lot.pk].chain.dispatches[lot.urn]
    assert (sent.from_country, sent.to_country) == ("CN", "EE")
    assert sent.papers == papers_of(body["ext"])


OUT = {"to": "outside"}
JAPAN = {"export-destination": "JP"}


@pytest.mark.parametrize(
    ("answers", "warning"),
    [
        (OUT, "Neither the country to which they go nor an export licence"),
        (OUT | JAPAN, "leave China for Japan"),
        (OUT | {"export-destination": "CN"}, None),
        (OUT | JAPAN | PAPERS, None),
        (JAPAN, "leave China for Japan"),
        ({"export-destination": "CN"}, None),
    ],
)
def test_goods_that_leave_the_record_are_asked_where_they_go(
    people: People, answers: dict[str, str], warning: str | None
) -> None:
    found = page(people, oxide(people), answers)
    assert (warning in found) if warning else ("Export licence</h2>" not in found)


@pytest.mark.parametrize(
    ("answers", "answer", "missing"),
    [
        (OUT, Outcome.INSUFFICIENT, "Neither a destination nor an export licence is stated with the dispatch from CN"),
        (OUT | JAPAN, Outcome.INSUFFICIENT, "No export licence is stated with the dispatch from CN to JP."),
        (OUT | {"export-destination": "CN"}, Outcome.NOT_APPLICABLE, ""),
        (OUT | JAPAN | PAPERS, Outcome.PASS, ""),
    ],
)
def test_the_rule_answers_by_the_country_that_was_stated(
    people: People, answers: dict[str, str], answer: Outcome, missing: str
) -> None:
    lot = oxide(people)
    sign(people.owner, draft(people, lot, answers))
    reader = on_behalf_of(people.market.mine.organisation)
    facts = rule_facts.facts_of(reader, [people.market.lot(lot.urn)], today())[lot.pk]
    [asked] = [one for one in all_rule_sets() if one.id == "cn-mofcom-18-2025"]
    version = asked.version_on(today())
    assert version is not None
    found = export_licence(facts, version)
    assert found.outcome is answer
    assert [one.sentence for one in found.missing if missing in one.sentence] if missing else not found.missing


def test_a_program_states_the_same_and_is_warned_of_the_same(people: People) -> None:
    lot = oxide(people)
    body = {"lot": lot.urn, "to": "outside", "mass_kg": "1000", "tolerance_pct": "0.05"}
    occurred = (now() - timedelta(hours=1),) * 2
    actor = on_behalf_of(people.market.mine.organisation)

    def left(ext: dict[str, object]) -> Draft:
        act = Act("lot.dispatch", actor.organisation.pk, body | {"ext": ext}, occurred)
        return said_drafts.begin_saying(actor=actor, act=act)

    asked = left({NAMESPACE: {"destination": "JP"}})
    assert "leave China for Japan" in people.owner.get(f"/record/{asked.pk}/check/").content.decode()
    notes = people.owner.get(f"/api/v1/drafts/{asked.pk}").json()["findings"]
    assert [one["code"] for one in notes] == ["licence_not_stated"]
    ours = people.owner.get(f"/api/v1/drafts/{left({NAMESPACE: {'destination': 'CN'}}).pk}").json()
    assert (ours["findings"], ours["says"]["ext"]) == ([], {NAMESPACE: {"destination": "CN"}})
    theirs = people.owner.get(f"/api/v1/drafts/{left({'customs.example/x': {'a': 'b'}}).pk}").json()
    assert theirs["says"]["ext"] == {"customs.example/x": {"a": "b"}}


def test_a_dispatch_without_papers_has_no_extension(people: People) -> None:
    signed = sign(people.owner, draft(people, oxide(people), {}))
    told = statements.told(on_behalf_of(people.market.mine.organisation), [signed], today())
    assert "ext" not in told[signed.pk].body


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"export-hs_code": "magnets"}, "Enter a code of at least six digits, for example 8505.11."),
        ({"export-valid_from": "soon"}, "Enter a day as 2026-11-16 or 16.11.2026."),
        ({"export-valid_from": "2026-02-01", "export-valid_until": "2026-01-01"},
         "Enter an end that is not before the beginning."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(people: People, wrong: dict[str, str], sentence: str) -> None:
    begun = begin(people.owner, "dispatch", oxide(people))
    assert sentence in complaints(people.owner.post(f"/record/{begun.pk}/details/", {**WHEN, **wrong, "save": ""}))

"""Certificates of sites: recorded, renewed, corrected and withdrawn; seen by those to whom lots of the site came."""

from datetime import date
from typing import Any

import pytest

from tests.demo_chain import Demo
from tests.services.market import START
from tests.web.suppliers import WHEN, People, begin, complaints, fill, open_people, sign
from traceability.models import Draft, Facility, Statement
from traceability.rules.certificates import Validity
from traceability.selectors import certificates, suppliers
from traceability.services import acceptance
from traceability.services.submissions import Act

ISO = {
    "standard": "ISO 14001:2015", "certifier": "Example Cert GmbH", "number": "EC-104", "scope": "Mining",
    "valid_from": "2024-01-01", "valid_until": "2026-06-30", "renews": "", **WHEN,
}  # fmt: skip


@pytest.fixture
def people(db: Any) -> People:
    return open_people()


def recorded(people: People, **changes: str) -> Statement:
    draft = begin(people.owner, "certificate")
    fields = ISO | {"facility": people.market.facility} | changes
    return sign(people.owner, fill(people.owner, draft, {"details": fields, "documents": {}}))


def site_page(people: People) -> str:
    return people.owner.get(f"/facilities/{people.market.facility[9:]}/").content.decode()


def test_a_certificate_is_recorded_and_stands_on_the_page_of_its_site(people: People) -> None:
    statement = recorded(people, valid_until="2099-12-31")
    page = site_page(people)
    assert "ISO 14001:2015" in page
    assert "Example Cert GmbH" in page
    assert "In force" in page
    assert "1 in force" in people.owner.get("/facilities/").content.decode()
    receipt = people.owner.get(f"/receipts/{statement.urn}/").content.decode()
    assert "has a certificate of a site of its own: ISO 14001:2015 by Example Cert GmbH" in receipt


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(people: People) -> None:
    draft = begin(people.owner, "certificate")
    wrong = ISO | {"facility": people.market.facility, "valid_until": "2023-12-31"}
    answer = people.owner.post(f"/record/{draft.pk}/details/", wrong | {"save": ""})
    assert complaints(answer) == ["Its last day is before its first. Look at both again."]
    assert 'value="EC-104"' in answer.content.decode()


def test_an_expired_one_is_renewed_with_what_stays_the_same(people: People) -> None:
    first = recorded(people)
    assert "Expired" in site_page(people)
    digest = "sha256:" + bytes(first.digest).hex()
    answer = people.owner.post(f"/facilities/{people.market.facility[9:]}/certificate", {"renews": digest})
    draft = Draft.objects.get(pk=answer["Location"].split("/")[2])
    fields = draft.typed["fields"]
    assert (fields["standard"], fields["certifier"], fields["renews"]) == (ISO["standard"], ISO["certifier"], digest)
    days = {"valid_from": "2026-07-01", "valid_until": "2099-06-30", "number": "EC-105", **WHEN}
    kept = {name: fields[name] for name in ("facility", "standard", "certifier", "scope", "renews")}
    sign(people.owner, fill(people.owner, draft, {"details": kept | days, "documents": {}}))
    page = site_page(people)
    assert "Renewed" in page
    assert "Expired" not in page
    assert "1 in force" in page


def test_a_withdrawn_one_counts_no_more(people: People) -> None:
    first = recorded(people)
    answer = people.owner.post(f"/receipts/{first.urn}/void")
    draft = Draft.objects.get(pk=answer["Location"].split("/")[2])
    sign(people.owner, fill(people.owner, draft, {"details": {"reason": "Of another site.", **WHEN}}))
    page = site_page(people)
    assert "Withdrawn" in page
    assert "Renew<" not in page


def test_a_correction_changes_its_days(people: People) -> None:
    first = recorded(people)
    answer = people.owner.post(f"/receipts/{first.urn}/correct")
    draft = Draft.objects.get(pk=answer["Location"].split("/")[2])
    fields = ISO | {"facility": people.market.facility, "valid_until": "2099-01-01"}
    answers = {"why": {"correction_reason": "A digit too few."}, "details": fields, "documents": {}}
    sign(people.owner, fill(people.owner, draft, answers))
    assert "In force" in site_page(people)


def test_others_find_neither_site_nor_certificate(people: People) -> None:
    first = recorded(people)
    for client in (people.outsider, people.partner):
        assert client.get(f"/facilities/{people.market.facility[9:]}/").status_code == 404
        assert client.post(f"/facilities/{people.market.facility[9:]}/certificate").status_code == 404
        assert client.get(f"/statements/{bytes(first.digest).hex()}/").status_code == 404
    assert people.viewer.post(f"/facilities/{people.market.facility[9:]}/certificate").status_code == 403
    nothing = people.owner.post(f"/facilities/{people.market.facility[9:]}/certificate", {"renews": "sha256:00"})
    assert nothing.status_code == 404


def test_a_buyer_sees_it_on_the_page_of_the_lot(people: People) -> None:
    recorded(people)
    lot = people.sent(facility=people.market.facility)
    page = people.partner.get(f"/lots/{lot.pk}/").content.decode()
    assert 'id="certificates"' in page
    assert "Example Cert GmbH" in page
    assert "Renew<" not in page


def certify(demo: Demo, who: str, until: str, renews: str = "") -> str:
    actor = demo.actor(who)
    site = Facility.objects.get(organisation=actor.organisation)
    body = {"facility": f"urn:uuid:{site.pk}", "standard": "IRMA", "certifier": "C", "valid_from": "2024-01-01",
            "valid_until": until} | ({"renews": renews} if renews else {})  # fmt: skip
    act = Act("facility.certificate", actor.organisation.pk, body, (START, START))
    return acceptance.accept(actor=actor, submissions=[act])[0].digest


YEAR = (date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 22))


@pytest.mark.usefixtures("changing")
def test_expired_ones_are_a_measure_of_the_supplier(demo: Demo) -> None:
    def measured(*period: date) -> tuple[int, int | None]:
        [found] = suppliers.suppliers(demo.actor("isarmagnet"), *period)
        return found.measures.certificates, found.measures.expired

    assert measured(*YEAR) == (2, 1)  # those of the demonstration
    first = certify(demo, "baltika", "2026-06-30")
    certify(demo, "baltika", "2099-06-30")
    assert measured(*YEAR) == (4, 2)
    certify(demo, "baltika", "2099-06-30", renews=first)
    assert measured(*YEAR) == (5, 1)
    client, period = demo.client("isarmagnet"), "?since=2026-01-01&until=2026-12-31"
    page = client.get(f"/suppliers/{demo.organisation('baltika').pk}/{period}").content.decode()
    assert "1 of 5" in page
    assert page.count("IRMA") == 3
    told = client.get(f"/api/v1/suppliers/{demo.organisation('baltika').pk}{period}").json()
    assert (told["measures"]["certificates"], told["measures"]["expired_certificates"]) == (5, 1)
    states = [one["state"] for one in told["certificates"] if one["standard"] == "IRMA"]
    assert states == ["renewed", "in_force", "in_force"]
    assert demo.client("juniper-flat").get("/api/v1/suppliers" + period).json() == []


@pytest.mark.usefixtures("changing")
def test_those_without_lots_of_its_maker_see_none(demo: Demo) -> None:
    certify(demo, "baltika", "2026-06-30")
    baltika = demo.organisation("baltika").pk
    assert [one.validity for rows in certificates.certificates(demo.actor("isarmagnet"), {baltika}, YEAR[2]).values()
            for one in rows if one.certificate.standard == "IRMA"] == [Validity.EXPIRED]  # fmt: skip
    assert certificates.certificates(demo.actor("selat"), {baltika}, YEAR[2]) == {}


@pytest.mark.usefixtures("changing")
def test_a_program_reads_its_own(demo: Demo) -> None:
    digest = certify(demo, "baltika", "2099-06-30")
    [site] = demo.client("baltika").get("/api/v1/facilities").json()["results"]
    [one] = [one for one in site["certificates"] if one["standard"] == "IRMA"]
    assert (one["statement"], one["standard"], one["state"], one["certifier"]) == (digest, "IRMA", "in_force", "C")

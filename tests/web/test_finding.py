"""The lists of notices, requests and events are searched by words, each reader within what he may read."""

from typing import Any

from tests.demo_chain import Demo
from tests.project.site import Site
from tests.web.more_rows import audit, notices, owner, requests
from tests.web.test_every_table import Reader


def rows(site: Site, address: str, words: str) -> list[str]:
    """What the rows say that the owner finds."""
    answer: Any = site.browsers["owner"].get(address, {"q": words})
    assert answer.status_code == 200
    return [row for table in Reader(answer.content.decode()).tables for row in table.rows]


def test_notices_are_found_by_their_kind_and_by_the_lot_that_they_are_about(
    site: Site, demo: Demo, changing: None
) -> None:
    from traceability.models import Notice

    notices(demo, range(3))
    magnets, metal = demo.lot("MAG-1"), demo.lot("MET-NDPR")
    Notice.objects.update(about="lot", subject=metal.pk, kind="lot.corrected")
    newest = Notice.objects.filter(copies__user=site.browsers["owner"].session["_auth_user_id"]).latest("pk")
    Notice.objects.filter(pk=newest.pk).update(subject=magnets.pk, kind="lot.recalled")
    [recalled] = rows(site, "/notices/", "recalled")
    assert magnets.pk.hex[-8:] in recalled
    assert rows(site, "/notices/", "MAG-1") == rows(site, "/notices/", magnets.pk.hex[-8:]) == [recalled]
    assert rows(site, "/notices/", "corrected")
    assert rows(site, "/notices/", "MAG-1 corrected") == []
    assert rows(site, "/notices/", "MET-NDPR") == []  # the number is its maker's


def test_events_are_found_by_a_partner_and_never_by_his_people(site: Site, demo: Demo, changing: None) -> None:
    from traceability.models import AuditEvent, Membership

    audit(demo, range(4))
    person = Membership.objects.filter(organisation=demo.organisation("nordwind")).earliest("pk").user
    there = AuditEvent.objects.filter(organisation=owner(demo), actor_organisation=demo.organisation("nordwind"))
    there.update(user=person)
    found = rows(site, "/audit/", "nordwind")
    assert found
    assert all("nordwind" in row.casefold() for row in found)
    assert rows(site, "/audit/", person.get_username()) == []


def test_requests_are_found_by_partner_product_and_what_was_written(site: Site, demo: Demo, changing: None) -> None:
    from traceability.models import PartnerRequest

    requests(demo, range(3))
    newest = PartnerRequest.objects.latest("asked_at")
    PartnerRequest.objects.exclude(pk=newest.pk).update(message="", product="")
    PartnerRequest.objects.filter(pk=newest.pk).update(message="before the audit in spring", product="Ring 12")
    every = len(rows(site, "/requests/", ""))
    assert every > 1
    assert len(rows(site, "/requests/", "spring")) == 1
    assert len(rows(site, "/requests/", "ring")) == 1
    partner = newest.asker if newest.to_id == owner(demo).pk else newest.to
    assert len(rows(site, "/requests/", partner.name)) >= 1

"""Large bundles on the pages: asked for, looked at, cancelled, fetched; small ones are given at once as ever."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.web.pages import Page
from traceability.ledger.bundle import read_bundle

if TYPE_CHECKING:
    from tests.web.suppliers import People
    from traceability.models import BundleJob, Lot

LOGIN = "/accounts/login/"


@pytest.fixture
def people(ledger_db: dict[str, str]) -> "People":
    from tests.web.suppliers import open_people

    return open_people()


@pytest.fixture
def lot(people: "People") -> "Lot":
    return people.lot()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bundle is too large for one answer."""
    from traceability.services import bundle_jobs

    monkeypatch.setattr(bundle_jobs, "AT_ONCE", 0)


@pytest.fixture
def job(people: "People", lot: "Lot", large: None) -> "BundleJob":
    """The mine asked for the bundle of its lot."""
    from traceability.models import BundleJob

    found = people.owner.post(f"/lots/{lot.pk}/bundle")
    made = BundleJob.objects.get()
    assert found["Location"] == f"/bundles/{made.pk}/"
    return made


def text(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    page = str(found.content.decode())
    assert Page(page).faults == []
    return page


def body(found: Any) -> bytes:
    return b"".join(found.streaming_content)


def test_a_small_bundle_is_given_at_once(people: "People", lot: "Lot") -> None:
    found = people.owner.get(f"/lots/{lot.pk}/bundle")
    assert found["Content-Type"] == "application/zip"
    assert 'filename="ORE-1.custody.zip"' in found["Content-Disposition"]
    body(found)


def test_for_a_large_one_the_page_asks_first(people: "People", lot: "Lot", large: None) -> None:
    from traceability.models import BundleJob

    page = text(people.owner, f"/lots/{lot.pk}/bundle")
    assert "too much to send at once" in page
    assert not BundleJob.objects.exists()


def test_who_may_not_export_the_lot_asks_for_nothing(people: "People", lot: "Lot", large: None) -> None:
    for client in (people.partner, people.outsider):
        assert client.get(f"/lots/{lot.pk}/bundle").status_code == 404
        assert client.post(f"/lots/{lot.pk}/bundle").status_code == 404


def test_from_asking_to_the_file_without_script(people: "People", job: "BundleJob") -> None:
    import io

    from traceability.services import bundle_work

    address = f"/bundles/{job.pk}/"
    page = text(people.owner, address)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 2s"' in page
    assert "Download the bundle" not in page
    assert people.owner.get(f"{address}file")["Location"] == address
    bundle_work.work()
    page = text(people.owner, address)
    assert 'http-equiv="refresh"' not in page
    assert "hx-trigger" not in page
    assert f'href="{address}file"' in page
    found = people.owner.get(f"{address}file")
    assert 'filename="ORE-1.custody.zip"' in found["Content-Disposition"]
    assert read_bundle(io.BytesIO(body(found))).target == f"urn:uuid:{job.lot}"
    assert "ORE-1" in text(people.owner, "/bundles/")


def test_progress_is_told_in_statements(people: "People", job: "BundleJob") -> None:
    from traceability.models import BundleJob

    address = f"/bundles/{job.pk}/"
    rows = BundleJob.objects.filter(pk=job.pk)
    rows.update(state="running", found=1200)
    assert "1\u202f200 statements so far" in text(people.owner, address)
    rows.update(packed=300, total=1400)
    page = text(people.owner, address)
    assert "300 of 1\u202f400 statements packed" in page
    assert '<progress max="1400" value="300"' in page


def test_a_bundle_is_there_for_who_asked_alone(people: "People", job: "BundleJob") -> None:
    from tests.web.suppliers import person
    from traceability.models import Membership

    colleague = person(people.market.mine.organisation, Membership.Role.ADMIN, name="colleague")
    for client in (colleague, people.viewer, people.partner, people.outsider):
        assert client.get(f"/bundles/{job.pk}/").status_code == 404
        assert client.get(f"/bundles/{job.pk}/file").status_code == 404
        assert client.post(f"/bundles/{job.pk}/cancel").status_code == 404
        assert str(job.pk) not in text(client, "/bundles/")
    assert people.anybody.get(f"/bundles/{job.pk}/file")["Location"].startswith(LOGIN)


def test_a_job_is_cancelled_and_asked_for_again(people: "People", job: "BundleJob") -> None:
    from traceability.models import BundleJob

    assert people.owner.post(f"/bundles/{job.pk}/cancel")["Location"] == f"/bundles/{job.pk}/"
    page = text(people.owner, f"/bundles/{job.pk}/")
    assert "Cancelled" in page
    assert "Export it again" in page
    people.owner.post(f"/lots/{job.lot}/bundle")
    assert BundleJob.objects.count() == 2


def test_a_failure_says_why(people: "People", job: "BundleJob") -> None:
    from traceability.models import BundleJob

    BundleJob.objects.update(state="failed", error="It <broke>.")
    assert "It &lt;broke&gt;." in text(people.owner, f"/bundles/{job.pk}/")


def test_what_changed_meanwhile_is_said_on_the_page(people: "People", job: "BundleJob") -> None:
    from traceability.models import Disclosure
    from traceability.services import bundle_work

    bundle_work.work()
    Disclosure.objects.filter(statement__issuer=people.market.mine.organisation.pk).update(text=None)
    page = people.owner.get(f"/bundles/{job.pk}/file", follow=True).content.decode()
    assert "What you may read has changed" in page


def test_more_than_a_few_at_once_are_refused_with_a_sentence(
    people: "People", job: "BundleJob", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_jobs

    monkeypatch.setattr(bundle_jobs, "MOST_OPEN", 1)
    other = people.lot(lot_number="ORE-2")
    page = people.owner.post(f"/lots/{other.pk}/bundle", follow=True).content.decode()
    assert "1 bundles are being packed" in page


def test_a_long_list_is_paged(people: "People", job: "BundleJob") -> None:
    from traceability.models import BundleJob

    asked = {"organisation": job.organisation, "user": job.user, "lot": job.lot, "requested_at": job.requested_at}
    BundleJob.objects.bulk_create(BundleJob(**asked, state="failed") for _ in range(60))
    assert text(people.owner, "/bundles/").count("ORE-1") == 50

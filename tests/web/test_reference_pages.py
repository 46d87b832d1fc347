"""The guided path to a reference declaration, its public page and files, and a lot that cites it."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_chain import Demo

if TYPE_CHECKING:
    from django.test import Client

    from epd.models import Declaration, ReferenceDraft

pytestmark = pytest.mark.usefixtures("changing")


@pytest.fixture
def client(demo: Demo) -> "Client":
    return demo.client("isarmagnet")


def draft_of() -> "ReferenceDraft":
    from epd.models import ReferenceDraft

    return ReferenceDraft.objects.get()


def page(client: "Client", step: str, data: dict[str, Any] | None = None) -> Any:
    address = f"/declarations/references/{draft_of().pk}/{step}/"
    return client.get(address) if data is None else client.post(address, data, follow=True)


def begun(client: "Client", demo: Demo) -> str:
    """The path up to its meters; the choice of the production."""
    lot = demo.lot("MAG-1")
    client.post("/declarations/references/")
    page(client, "rules", {"product": "Magnets N42SH", "profile": "international-epd-default/1",
                           "valid_until": "2031-09-30", "illustrative": "on"})  # fmt: skip
    from traceability.models import Facility

    site = Facility.objects.get(organisation=lot.maker)
    production = f"urn:uuid:{site.pk}|{lot.stage}|{lot.material}"
    answer = page(client, "production", {"from": "2025-10-01", "production": production})
    assert answer.redirect_chain[-1][0].endswith("/meters/")
    return production


def to_the_end(client: "Client", demo: Demo, **stock: str) -> Any:
    begun(client, demo)
    page(client, "meters", {})
    kg = f"{demo.lot('MAG-1').mass_kg:f}"
    page(client, "stock", {"opening": "0", "shipped": "0", "closing": kg} | stock)
    return page(client, "prices", {})


def published(client: "Client", demo: Demo) -> "Declaration":
    from epd.models import Declaration

    to_the_end(client, demo)
    page(client, "review", {"explanation": ""})
    answer = page(client, "sign", {"revision": draft_of().revision})
    assert "Published. Its reference is" in answer.content.decode()
    return Declaration.objects.get(lot=None)


def test_the_path_leads_to_a_published_reference(client: "Client", demo: Demo) -> None:
    made = published(client, demo)
    from epd.models import ReferenceDraft

    assert not ReferenceDraft.objects.exists()
    assert (made.product, made.illustrative, made.is_reference) == ("Magnets N42SH", True, True)
    html = demo.client().get(f"/d/{made.reference}").content.decode()
    for words in ("Production over twelve months", "Not metered", "EPD-style declaration, not verified", "Valid until",
                  "Made against shipped"):  # fmt: skip
        assert words in html
    assert "mass withheld" not in html
    lot = demo.lot("MAG-1")
    for query, there in (
        (f"material={lot.material}&lot_stage=magnet", True), ("lot_stage=alloy", False), ("material=sand", False)
    ):  # fmt: skip
        assert (made.reference in client.get(f"/declarations/?{query}").content.decode()) is there, query
        assert (made.reference in client.get(f"/api/v1/declarations?{query}").content.decode()) is there, query
    assert made.reference in client.get("/declarations/").content.decode()
    assert made.reference in client.get("/declarations/references/").content.decode()
    assert "Current" in demo.client().get(f"/verify/?q={made.reference}").content.decode()


def test_every_file_of_a_reference_states_the_same_figures(client: "Client", demo: Demo) -> None:
    made = published(client, demo)
    reader = demo.client()
    openepd = json.loads(reader.get(f"/d/{made.reference}/files/openepd.json").content)
    assert openepd["valid_until"] == "2031-09-30T00:00:00Z"
    assert openepd["ext"]["lodestone"]["production"]["made_lots"] == 1
    soda = reader.get(f"/d/{made.reference}/files/soda4lca.json").content.decode()
    assert '"dataSetValidUntil": 2031' in soda
    assert "Mean of the production of one site, 2025-10-01 to 2026-09-30" in soda
    csv = reader.get(f"/d/{made.reference}/results.csv").content.decode()
    assert f"{made.gwp_ghg.normalize():f}"[:12] in csv
    for kind in ("ilcd.zip", "ilcd-1.3.zip", "pdf"):
        assert reader.get(f"/d/{made.reference}/files/{kind}").status_code == 200
    body = reader.get(f"/api/v1/declarations/{made.reference}").json()
    assert (body["kind"], "lot" in body, "lot" in body["links"]) == ("reference", False, False)
    assert body["body"]["made_lots"] == 1
    checks = {
        one["id"]: one["outcome"]
        for one in reader.get(f"/api/v1/declarations/{made.reference}/verify").json()["checks"]
    }
    assert checks["figures"] == "pass"


def test_nothing_typed_is_lost_though_it_cannot_be_read(client: "Client", demo: Demo) -> None:
    begun(client, demo)
    answer = page(client, "meters", {"m0-metered": "about 7", "x0-flow": "heating", "x0-unit": "kWh"})
    assert "about 7" in answer.content.decode()
    again = page(client, "meters").content.decode()
    assert "about 7" in again
    assert 'value="heating"' in again
    assert page(client, "review", {"compute": "1"}).redirect_chain[-1][0].endswith("/meters/")
    page(client, "meters", {"m0-metered": "12,5", "x0-flow": ""})
    assert next(iter(draft_of().typed["meters"].values()))["metered"] in ("12.5", "125")


@pytest.mark.parametrize(("day", "words"), [("2020-01-01", "This day is over"), ("2045-01-01", "at most five years")])
def test_how_long_it_is_valid_is_refused_where_it_is_typed(client: "Client", day: str, words: str) -> None:
    client.post("/declarations/references/")
    rules = {"product": "Magnets", "profile": "international-epd-default/1", "valid_until": day}
    answer = page(client, "rules", rules)
    assert not answer.redirect_chain
    assert words in answer.content.decode()


def test_a_gap_waits_for_words(client: "Client", demo: Demo) -> None:
    answer = to_the_end(client, demo, shipped="100")
    assert "Made against shipped" in answer.content.decode()
    assert "Say where it is from" in page(client, "review", {"explanation": ""}).content.decode()
    assert page(client, "review", {"explanation": "A truck of another site."}).redirect_chain[-1][0].endswith("/sign/")
    page(client, "sign", {"revision": draft_of().revision})
    from epd.models import Declaration

    made = Declaration.objects.get(lot=None)
    assert "A truck of another site." in demo.client().get(f"/d/{made.reference}").content.decode()


def test_what_changed_since_it_was_read_is_not_signed(client: "Client", demo: Demo) -> None:
    to_the_end(client, demo)
    for revision in ("0", "9" * 5000, "x"):
        assert "It changed since" in page(client, "sign", {"revision": revision}).content.decode()
    page(client, "stock", {"opening": "5"})
    assert page(client, "sign").url.endswith("/review/")


def test_a_second_person_signs_where_the_organisation_wants_one(client: "Client", demo: Demo) -> None:
    organisation = demo.organisation("isarmagnet")
    type(organisation).objects.filter(pk=organisation.pk).update(approval_wanted=True)
    to_the_end(client, demo)
    assert "You typed this last" in page(client, "sign").content.decode()
    assert page(client, "sign", {"revision": draft_of().revision}).status_code == 403


def test_others_do_not_see_a_draft(client: "Client", demo: Demo) -> None:
    begun(client, demo)
    assert page(demo.client("baltika"), "rules").status_code == 404
    client.post(f"/declarations/references/{draft_of().pk}/discard/")
    from epd.models import ReferenceDraft

    assert not ReferenceDraft.objects.exists()


def test_the_background_computes_what_is_large(client: "Client", demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    from epd.models import ReferenceDraft
    from epd.services import reference_drafts

    monkeypatch.setattr(reference_drafts, "AT_ONCE", 0)
    answer = to_the_end(client, demo)
    assert "It begins within seconds." in answer.content.decode()
    assert reference_drafts.work() == 1
    assert draft_of().state == ReferenceDraft.State.COMPUTED
    assert reference_drafts.work() == 0


def test_a_lot_cites_the_reference_on_its_page(client: "Client", demo: Demo) -> None:
    mean = published(client, demo)
    lot = demo.lot("MAG-1")
    form = client.get(f"/lots/{lot.pk}/declare/").content.decode()
    assert f'value="{mean.reference}"' in form
    typed = {"product": "Magnets", "illustrative": "on", "cites": mean.reference, "justification": "One lot."}
    assert "Against the mean of twelve months" in client.post(f"/lots/{lot.pk}/declare/", typed).content.decode()
    answer = client.post(f"/lots/{lot.pk}/declare/", typed | {"sign": "1"}, follow=True)
    html = answer.content.decode()
    assert "One lot." in html
    assert mean.reference in html


def test_a_reference_is_withdrawn_and_its_files_are_gone(client: "Client", demo: Demo) -> None:
    made = published(client, demo)
    client.post(f"/d/{made.reference}/withdraw", {"reason": "A wrong meter."})
    assert "Withdrawn" in demo.client().get(f"/d/{made.reference}").content.decode()
    assert demo.client().get(f"/d/{made.reference}/files/openepd.json").status_code == 410

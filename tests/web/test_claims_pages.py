"""Claims accounts on pages and by program: entered by form; read by owner and auditor, and by nobody else."""

import csv
import io
from decimal import Decimal

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page
from tests.web.suppliers import begin, record
from tests.web.test_lot_pages import read, words
from traceability.models import ClaimsAccount, Lot, Statement

pytestmark = pytest.mark.usefixtures("changing")
WHEN = {"occurred_from": "2026-11-21 08:00", "utc_offset": "+00:00"}
TERMS = {
    "name": "Recycled Nd", "model": "mass_balance", "method": "credit", "element": "Nd", "facility": "",
    "characteristic-source": "post_consumer", "characteristic-country": "", "materials_in": "end-of-life magnets",
    "materials_out": "NdPr metal, sintered NdFeB magnets", "conversion_factor": "0.9", "period_months": "12", **WHEN,
}  # fmt: skip


def an_account(demo: Demo, who: str = "isarmagnet") -> ClaimsAccount:
    record(demo.client(who), "account", {"details": TERMS})
    return ClaimsAccount.objects.get(owner=demo.ids[who])


def scrap(demo: Demo, who: str = "isarmagnet") -> Lot:
    """100 kg of end-of-life magnets with 27 % Nd, entered by form."""
    sections = {
        "origin": {"origin": "post_consumer", "country": "DE", "facility": "", "custody_model": "", **WHEN},
        "lot": {"lot_number": "EOL-9", "material": "end-of-life magnets", "stage": "eol_magnet", "mass_kg": "100",
                "mass_kg_unit": "kg"},
        "assay": {"assay-basis": "dry_mass", "assay-rows-0-species": "Nd", "assay-rows-0-content_pct": "27"},
    }  # fmt: skip
    record(demo.client(who), "source", sections)
    return Lot.objects.get(number="EOL-9")


def credited(demo: Demo) -> ClaimsAccount:
    account, lot = an_account(demo), scrap(demo)
    told = {"account": account.urn, "lot": lot.urn, "amount_kg": "", **WHEN}
    record(demo.client("isarmagnet"), "credit", {"details": told})
    return account


def test_the_form_fills_in_what_the_lot_answers(demo: Demo) -> None:
    account = credited(demo)
    [credit] = ClaimsAccount.objects.get(pk=account.pk).record["credits"]
    assert credit[2] == "24.3"  # 100 kg x 27 % x share 1 x 0.9
    assert Lot.objects.get(number="EOL-9").record["model"] == "mass_balance"


def test_an_account_is_shown_month_by_month(demo: Demo) -> None:
    account = credited(demo)
    client = demo.client("isarmagnet")
    page = read(demo, "isarmagnet", f"/material-accounts/claims/{account.pk}/")
    assert Page(page).faults == []
    text = words(page)
    assert "Recycled Nd" in text
    assert "24.3" in text
    assert "The entries give what the record holds" in text
    answer = client.get(f"/material-accounts/claims/{account.pk}/?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [Decimal(row["Closing balance kg"]) for row in rows] == [Decimal("24.3")]
    assert "Recycled Nd" in words(read(demo, "isarmagnet", "/material-accounts/claims/"))


def test_the_call_says_what_the_page_says(demo: Demo) -> None:
    account = credited(demo)
    client = demo.client("isarmagnet")
    [listed] = client.get("/api/v1/claims-accounts").json()
    assert (listed["account"], listed["claimable_kg"], listed["name"]) == (account.urn, "24.3", "Recycled Nd")
    found = client.get(f"/api/v1/claims-accounts/{account.pk}").json()
    assert found["agrees"] is True
    assert [one["moves_kg"] for one in found["months"]] == [{"credited": "24.3"}]
    [entry] = found["entries"]
    assert (entry["content_kg"], entry["share"], entry["amount_kg"]) == ("27", "1", "24.3")


def test_a_claim_stands_on_its_lot_and_changes_nothing_that_it_holds(demo: Demo) -> None:
    account, lot = credited(demo), demo.lot("MAG-1")
    client = demo.client("isarmagnet")
    before = client.get(f"/api/v1/lots/{lot.pk}/origin?element=Nd").json()
    told = {"account": account.urn, "lot": lot.urn, "amount_kg": "20", "amount_kg_unit": "kg", "claimant": "", **WHEN}
    record(client, "claim", {"details": told})
    claims = client.get(f"/api/v1/lots/{lot.pk}/claims").json()["claims"]
    assert [one["amount_kg"] for one in claims] == ["20"]
    assert Decimal(claims[0]["share"]) == round(Decimal(20) / Decimal(claims[0]["content_kg"]), 12)
    assert client.get(f"/api/v1/lots/{lot.pk}/origin?element=Nd").json() == before
    text = words(read(demo, "isarmagnet", f"/lots/{lot.pk}/"))
    assert "Claimed shares" in text
    assert "20\u202fkg" in text or "20 kg" in text
    assert client.get(f"/api/v1/claims-accounts/{account.pk}").json()["claimable_kg"] == "4.3"


def test_an_auditor_reads_them_and_nobody_else_does(demo: Demo) -> None:
    account = credited(demo)
    address = f"/material-accounts/claims/{account.pk}/"
    assert demo.client("auditor").get(address).status_code == 200
    listed = {"organisation": demo.ids["isarmagnet"]}
    assert len(demo.client("auditor").get("/api/v1/claims-accounts", listed).json()) == 1
    for who in ("redgum", "nordwind"):
        assert demo.client(who).get(address).status_code == 404
        assert demo.client(who).get(f"/api/v1/claims-accounts/{account.pk}").status_code == 404
        assert demo.client(who).get("/material-accounts/claims/", {"of": demo.ids["isarmagnet"]}).status_code == 404


def test_who_needs_none_is_told_so(demo: Demo) -> None:
    assert "There is no claims account." in words(read(demo, "isarmagnet", "/material-accounts/claims/"))


def test_a_claim_beyond_the_account_is_refused_beside_its_field(demo: Demo) -> None:
    account, lot = credited(demo), demo.lot("MAG-1")
    client = demo.client("isarmagnet")
    draft = begin(client, "claim")
    told = {
        "account": account.urn,
        "lot": lot.urn,
        "amount_kg": "24.301",
        "amount_kg_unit": "kg",
        "claimant": "",
        **WHEN,
    }
    answer = client.post(f"/record/{draft.pk}/details/", told)
    assert "The account has 24.3 kg to claim." in words(answer.content.decode())
    assert not Statement.objects.filter(kind="account.claim").exists()


@pytest.mark.parametrize("path", ["/material-accounts/claims/", "/material-accounts/"])
def test_the_pages_lead_to_each_other(demo: Demo, path: str) -> None:
    page = read(demo, "isarmagnet", path)
    other = "/material-accounts/" if "claims" in path else "/material-accounts/claims/"
    assert f'href="{other}' in page

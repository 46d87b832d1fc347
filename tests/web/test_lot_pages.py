"""Pages of lots: who sees which lot, what of it, and that what is withheld is said in words."""

import re
from typing import Any

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page


def read(demo: Demo, who: str, address: str) -> str:
    answer = demo.client(who).get(address)
    assert answer.status_code == 200, answer
    html = str(answer.content.decode())
    assert Page(html).faults == []
    return html


def words(html: str) -> str:
    """The text of a page, as one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ")


def address(demo: Demo, name: str) -> str:
    return f"/lots/{demo.ids[name]}/"


# Who sees it


@pytest.mark.parametrize("who", ["isarmagnet", "auditor"])
def test_owner_and_auditor_see_the_lot_with_everything(demo: Demo, who: str) -> None:
    text = words(read(demo, who, address(demo, "MAG-1")))
    assert "MAG-1" in text
    assert "9 270" in text
    assert "2 140" in text
    assert "18 lots, 5 countries" in text
    assert "2 mines, 2 scrap lots" in text


def test_a_partner_sees_what_he_sold_until_he_handed_it_on(demo: Demo) -> None:
    text = words(read(demo, "baltika", address(demo, "ALLOY-1")))
    assert "Delivered" in text
    assert "what its next holder does with it is not told here" in text
    assert "MAG-1" not in text
    assert "Went into SWARF" not in text


def test_a_customer_sees_mass_and_assay_of_what_he_bought(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", address(demo, "ALLOY-1")))
    assert "12 900" in text
    assert "2 980" in text


def test_upstream_values_are_withheld_from_the_customer_by_name_of_the_partner_or_by_country(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", address(demo, "MET-NDPR")))
    assert "withheld by Baltika Metals" in text
    assert "4 464" not in text
    assert "MET-NDPR" not in text
    far = words(read(demo, "isarmagnet", address(demo, "ORE-MW")))
    assert "withheld by its issuer in Australia" in far
    assert "Redgum" not in far


@pytest.mark.parametrize("who", ["nordwind", "juniper-flat"])
def test_for_an_outsider_the_lot_does_not_exist(demo: Demo, who: str) -> None:
    assert demo.client(who).get(address(demo, "MAG-1")).status_code == 404
    assert demo.client(who).get(f"{address(demo, 'MAG-1')}bundle").status_code == 404


@pytest.mark.parametrize("path", ["/lots/", "/lots/{lot}/", "/lots/{lot}/bundle", "/statements/{digest}/"])
def test_anybody_is_asked_to_sign_in(demo: Demo, path: str) -> None:
    digest = bytes(demo.lot("MAG-1").made_by.digest).hex()
    answer = demo.client().get(path.format(lot=demo.ids["MAG-1"], digest=digest))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_no_name_or_figure_of_a_supplier_leaks_to_the_last_customer(demo: Demo) -> None:
    """The page of the magnets, for their maker: nothing of what stands behind his supplier but what is open."""
    html = read(demo, "isarmagnet", address(demo, "MAG-1"))
    for secret in ("Juniper", "Redgum", "Selat", "Rheinkreis", "ORE-MP", "CON-MW", "OX-NDPR", "SCRAP-EOL",
                   "1 000 000", "4 464", "63 816", "1003000", "1936183"):  # fmt: skip
        assert secret not in html.replace("\u202f", " ")
    assert "Withheld" in html


# What it says


def test_the_custody_hash_can_be_recomputed_from_the_page(demo: Demo) -> None:
    import hashlib

    html = read(demo, "isarmagnet", address(demo, "MAG-1"))
    command = re.search(r"printf '([^']+)' \| sha256sum", html)
    assert command is not None
    computed = hashlib.sha256(command[1].replace("\\n", "\n").encode()).hexdigest()
    assert f"sha256:{computed}" in html
    digest = command[1].split("\\n")[3]
    payload = demo.client("isarmagnet").get(f"/statements/{digest}/payload").content
    assert hashlib.sha256(payload).hexdigest() == digest


def test_shares_are_those_of_the_signed_result(demo: Demo) -> None:
    text = words(read(demo, "auditor", address(demo, "MAG-1")))
    for line in ("ORE-MP, United States 52.9", "ORE-MW, Australia 28.5", "SCRAP-EOL, post-consumer, Germany 11.2",
                 "SCRAP-SWARF, pre-consumer, Germany 7.47"):  # fmt: skip
        assert line in text


def test_another_element_is_chosen_by_a_form_without_script(demo: Demo) -> None:
    text = words(read(demo, "auditor", f"{address(demo, 'MAG-1')}?element=Dy"))
    assert "Where is the dysprosium from?" in text
    assert "41.0" in text
    assert "Custody graph by dysprosium" in text


def test_an_element_that_is_not_there_falls_back_to_the_first(demo: Demo) -> None:
    text = words(read(demo, "auditor", f"{address(demo, 'MAG-1')}?element=Xx&direction=sideways"))
    assert "Where is the neodymium from?" in text


def test_what_came_of_a_lot_is_shown_only_as_far_as_one_may_see_it(demo: Demo) -> None:
    auditor = words(read(demo, "auditor", f"{address(demo, 'ORE-MP')}?direction=down&element=Nd"))
    assert "ALLOY-1" in auditor
    miner = words(read(demo, "juniper-flat", f"{address(demo, 'ORE-MP')}?direction=down&element=Nd"))
    assert "OX-NDPR-MP" in miner
    assert "didymium metal" not in miner
    assert "not yours to see" in miner


def test_every_step_closes_for_who_may_recompute_it(demo: Demo) -> None:
    text = words(read(demo, "auditor", address(demo, "MAG-1")))
    assert text.count("Closes for") == 10
    mine = words(read(demo, "isarmagnet", address(demo, "MAG-1")))
    assert mine.count("Closes for") == 1
    assert mine.count("Not established values withheld by") == 9


def test_a_source_teaches_that_its_history_begins_here(demo: Demo) -> None:
    text = words(read(demo, "juniper-flat", address(demo, "ORE-MP")))
    assert "None: it is a source" in text
    assert "Nothing went into this lot." in text


def test_statements_carry_their_proof_key_and_attestation(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", address(demo, "MAG-1")))
    assert text.count("Proof checked") == 2
    assert "key 1, held by the platform for it" in text
    assert "Attested by Alder Assurance : custody, matter, inventory, result" in text


def test_the_declaration_of_the_lot_is_linked(demo: Demo) -> None:
    assert f"/d/{demo.declaration.reference}" in read(demo, "isarmagnet", address(demo, "MAG-1"))


# The bundle


@pytest.mark.parametrize("who", ["isarmagnet", "auditor"])
def test_the_bundle_is_a_zip_named_after_the_lot(demo: Demo, who: str) -> None:
    answer = demo.client(who).get(f"{address(demo, 'MAG-1')}bundle")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="MAG-1.custody.zip"'
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_who_has_the_lot_no_more_gets_no_bundle_and_is_told_whom_to_ask(demo: Demo) -> None:
    assert demo.client("baltika").get(f"{address(demo, 'ALLOY-1')}bundle").status_code == 404
    assert "exported by its holder" in words(read(demo, "baltika", address(demo, "ALLOY-1")))


# Corrections and voids


def test_a_correction_shows_old_and_new_side_by_side(demo: Demo, changing: None) -> None:
    from traceability.models import Statement
    from traceability.services import acceptance, rows_world
    from traceability.services.submissions import Act

    maker = demo.actor("isarmagnet")
    row = Statement.objects.get(pk=demo.lot("MAG-1").made_by_id)
    [effective] = rows_world.effective_versions([row])
    body = {**effective.body, "exclusions": [{"flow": "coating", "reason": "weighed before the coating"}]}
    times = effective.original
    claim = {
        "occurred_from": times.content["occurred_from"], "occurred_to": times.content["occurred_to"],
        "utc_offset": times.content["utc_offset"], "process": times.content["process"], "body": body,
    }  # fmt: skip
    digest = effective.original.digest
    said = {"replaces": digest, "newest": digest, "reason": "the coating is not in the mass", "as": claim}
    act = Act("statement.correct", maker.organisation.pk, said, (times.occurred_from, times.occurred_to))
    acceptance.accept(actor=maker, submissions=[act])
    html = read(demo, "isarmagnet", address(demo, "MAG-1"))
    assert "the coating is not in the mass" in html
    assert "Old and new, side by side" in html
    assert "weighed before the coating" in html
    assert "Waits for the log" not in words(html).split("Old and new")[0]
    page = read(demo, "isarmagnet", f"/statements/{bytes(row.digest).hex()}/")
    assert "Later versions" in page
    assert "weighed before the coating" in page


def test_a_withdrawn_attestation_is_not_shown(demo: Demo, changing: None) -> None:
    from datetime import UTC, datetime

    from traceability.models import Attested
    from traceability.services import acceptance
    from traceability.services.submissions import Act

    auditor = demo.actor("auditor")
    attested = Attested.objects.get(statement=demo.lot("MAG-1").made_by)
    digest = "sha256:" + bytes(attested.attestation.digest).hex()
    now = datetime.now(UTC).replace(microsecond=0)
    act = Act("statement.void", auditor.organisation.pk, {"voids": digest, "reason": "mixed up two lots"}, (now, now))
    acceptance.accept(actor=auditor, submissions=[act])
    text = words(read(demo, "isarmagnet", address(demo, "MAG-1")))
    assert "Attested" not in text


# The list


def test_the_auditor_finds_mandates_and_the_lots_that_they_open(demo: Demo) -> None:
    text = words(read(demo, "auditor", "/lots/"))
    assert text.count("In force") == 6
    assert "1 to 23 of 23 lots" in text


@pytest.mark.parametrize(
    ("query", "found"), [("q=MAG-1", 1), ("stage=oxide", 11), ("q=dysprosium", 3), ("q=nothing", 0)]
)
def test_lots_are_found_by_number_material_and_stage(demo: Demo, query: str, found: int) -> None:
    text = words(read(demo, "auditor", f"/lots/?{query}"))
    assert (f"of {found} lots" if found else "No lot matches.") in text


def test_lots_of_one_giver(demo: Demo) -> None:
    text = words(read(demo, "auditor", f"/lots/?of={demo.ids['redgum']}"))
    assert "ORE-MW" in text
    assert "MAG-1" not in text


def test_a_number_that_is_withheld_finds_nothing(demo: Demo) -> None:
    """Searching must not tell what the page keeps to itself."""
    assert "No lot matches." in words(read(demo, "isarmagnet", "/lots/?q=MET-NDPR"))


def test_who_sees_nothing_is_told_how_to_begin(demo: Demo) -> None:
    assert "You see no lot yet." in words(read(demo, "nordwind", "/lots/"))


def test_the_list_counts_all_lots(demo: Demo) -> None:
    assert "23 lots" in words(read(demo, "auditor", "/lots/"))


def test_the_queries_of_a_lot_are_bounded(demo: Demo, django_assert_max_num_queries: Any) -> None:
    client = demo.client("auditor")
    with django_assert_max_num_queries(90):
        client.get(address(demo, "MAG-1"))

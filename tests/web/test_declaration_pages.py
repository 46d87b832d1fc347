"""Pages of declarations: what anybody reads, what a mandate adds, how they are published and how they end."""

import csv
import io
import json
import re
from typing import Any

import pytest

from epd.lca.result import Reason
from epd.web.words import REASONS
from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words


def page(demo: Demo) -> str:
    return f"/d/{demo.declaration.reference}"


# What anybody reads


def test_the_title_never_claims_more_than_it_is(demo: Demo) -> None:
    text = words(read(demo, "", page(demo)))
    assert "EPD-style declaration, not verified, illustrative figures" in text
    assert "it is not an EPD under ISO 14025" in text
    rest = text.replace("EPD-style", "").replace("not an EPD", "").replace("international-epd-default", "")
    rest = rest.replace("the default list of the International EPD System", "")
    head, lists = rest.partition("Lists of programmes")[::2]
    assert re.findall(r"\bEPD\b", head) == []
    assert "To fulfil a list is not to be registered." in lists
    for name in (
        "International EPD System",
        "(EPD International)",
        "Rare Earth EPD Platform",
        "An EPD is by definition",
    ):
        lists = lists.replace(name, "")  # programmes of others, and what they ask for
    assert re.findall(r"\bEPD\b", lists) == []
    assert "compliant" not in text.lower()


def test_the_figures_are_those_of_the_signed_statement(demo: Demo) -> None:
    html = read(demo, "", page(demo))
    for value in ("23.3811098417", "0.278266665466", "3.76593957841", "27.425316085576", "14.605962648276"):
        assert f'data value="{value}"' in html
    assert "27.4" in words(html)


def test_a_gap_is_a_word_with_its_reason(demo: Demo) -> None:
    text = words(read(demo, "", page(demo)))
    assert "ODP Ozone depletion kg CFC-11e not declared no factor in the set" in text
    assert "13 of 14 indicators are not declared" in text
    assert "What the uncertainty of the headline rests on: assumed deviations of factors and amounts" in text


def test_partial_sums_stand_in_a_table_of_their_own(demo: Demo) -> None:
    results, _, partial = read(demo, "", page(demo)).partition("Partial sums")
    assert "5.49399489993" not in results
    assert "5.49399489993" in partial
    assert "recorded steps only" in partial


def test_proven_is_what_was_recomputed(demo: Demo) -> None:
    text = words(read(demo, "", page(demo)))
    assert "signed by 6 organisations and in the log" in text
    assert "Element balance closes in all 10 steps" in text
    assert "recomputed from those lots, to the last digit" in text
    assert "From 18 ancestor lots in 5 countries." in text


def test_nothing_is_called_proven_that_fails(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong result upstream takes the words away: they are computed, not written."""
    from django.core.cache import cache

    from epd.services import results
    from traceability.ledger.errors import RecordError

    def wrong(*args: object) -> None:
        raise results.ResultMismatch("This is not what the signed statements give. Compute it again.")

    cache.clear()
    monkeypatch.setattr(results, "check_result", wrong)
    assert issubclass(results.ResultMismatch, RecordError)
    text = words(read(demo, "", page(demo)))
    assert "to the last digit" not in text
    assert "This is not what the signed statements give" in text
    cache.clear()


def test_confidential_values_are_withheld_from_anybody_in_words(demo: Demo) -> None:
    html = read(demo, "", page(demo))
    text = words(html)
    assert "mass withheld by Isarmagnet" in text
    assert "Withheld by Isarmagnet: causes are open to auditors with a mandate" in text
    assert "Withheld: the figures of the stages upstream belong to the suppliers" in text
    for secret in ("9272", "9 272", "MAG-1", "ORE-MP", "Baltika", "Juniper"):
        assert secret not in html.replace("\u202f", " ")


def test_the_bundle_of_its_lot_is_exported_by_those_with_whom_it_is(demo: Demo) -> None:
    address = f"/lots/{demo.ids['MAG-1']}/bundle"
    assert address in read(demo, "auditor", page(demo))
    for who in ("", "redgum"):
        assert address not in read(demo, who, page(demo))


def test_an_auditor_with_all_mandates_sees_stages_causes_and_every_allocation(demo: Demo) -> None:
    text = words(read(demo, "auditor", page(demo)))
    assert "Separation 15.0" in text
    assert "Electricity" in text
    assert re.search(r"OX-NDPR-MP 93\.2 [0-9. ]+ % 17\.1 ", text)
    assert "9 270" in text


def test_the_stages_sum_to_the_headline(demo: Demo) -> None:
    from decimal import Decimal

    from epd.lca.indicators import Basis
    from epd.selectors import stages
    from traceability.web.acting import today

    for basis, headline in ((Basis.ECONOMIC, "27.425316085576"), (Basis.MASS, "14.605962648276")):
        found = stages.by_stage(
            stages.chain_of(demo.actor("auditor"), demo.lot("MAG-1"), today()), demo.lot("MAG-1"), basis
        )
        assert abs(sum((value for _, value in found), Decimal(0)) - Decimal(headline)) < Decimal("1e-9")


@pytest.mark.parametrize("who", ["isarmagnet", "baltika", "nordwind"])
def test_stages_stay_closed_to_who_may_not_read_every_step(demo: Demo, who: str) -> None:
    text = words(read(demo, who, page(demo)))
    assert "Withheld: the figures of the stages upstream" in text


def test_the_declarant_sees_its_own_causes(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", page(demo)))
    assert "Upstream: causes kept by the suppliers" in text
    assert "9 270" in text


def test_the_qr_code_leads_to_the_page(demo: Demo) -> None:
    assert f"QR code for http://127.0.0.1:8000{page(demo)}" in read(demo, "", page(demo))


def test_a_reference_typed_in_small_letters_leads_to_the_one_address(demo: Demo) -> None:
    answer = demo.client().get(page(demo).lower())
    assert answer.status_code == 302
    assert answer["Location"] == page(demo)


def test_an_unknown_reference_is_not_found(demo: Demo) -> None:
    assert demo.client().get("/d/0000-0000").status_code == 404


# Files


def test_the_signed_statement_is_served_byte_for_byte(demo: Demo) -> None:
    answer = demo.client().get(f"{page(demo)}/statement.json")
    assert answer.content == bytes(demo.declaration.statement.envelope)


def test_the_csv_has_all_digits_and_no_zero_for_a_gap(demo: Demo) -> None:
    rows = list(csv.DictReader(io.StringIO(demo.client().get(f"{page(demo)}/results.csv").content.decode())))
    by_name = {(row["basis"], row["indicator"]): row for row in rows}
    assert by_name["economic", "gwp_ghg"]["a1_a3"] == "27.425316085576"
    assert by_name["mass", "gwp_ghg"]["a1_a3"] == "14.605962648276"
    gap = by_name["economic", "odp"]
    assert (gap["declared"], gap["a1_a3"], gap["reasons"]) == ("no", "", "no_factor")
    assert by_name["economic", "gwp_total"]["counted_in_recorded_steps_only"] == "5.49399489993"


def test_the_factors_have_the_root_that_was_signed(demo: Demo) -> None:
    from epd.lca.factors import parse_factor_set
    from traceability.models import Statement
    from traceability.services import rows_world

    found = parse_factor_set(json.loads(demo.client().get(f"{page(demo)}/factors.json").content))
    [effective] = rows_world.effective_versions([Statement.objects.get(kind="factors.publish")])
    assert "sha256:" + found.root.hex() == effective.body["root"]


def test_the_texts_of_the_algorithms_have_the_digests_of_the_page(demo: Demo) -> None:
    import hashlib

    html = read(demo, "", page(demo))
    for address in re.findall(r"/about/algorithms/[a-z0-9-]+", html):
        assert hashlib.sha256(demo.client().get(address).content).hexdigest() in html


# The register


def test_anybody_finds_declarations_in_the_register(demo: Demo) -> None:
    text = words(read(demo, "", "/declarations/"))
    assert demo.declaration.reference in text
    assert "1 to 1 of 1 declarations" in text


@pytest.mark.parametrize(("query", "found"), [
    ("q=magnets", True), ("q=isar", True), ("q=copper", False), ("status=withdrawn", False),
    ("country=DE", True), ("country=FR", False), ("sort=-gwp", True),
])  # fmt: skip
def test_the_register_is_searched_and_filtered(demo: Demo, query: str, found: bool) -> None:
    text = words(read(demo, "", f"/declarations/?{query}"))
    assert (demo.declaration.reference in text) is found


def test_the_queries_of_the_register_do_not_grow(
    demo: Demo, changing: None, django_assert_max_num_queries: Any
) -> None:
    from epd.services import declarations

    for number in range(3):
        declarations.publish(actor=demo.actor("isarmagnet"), lot=demo.lot("MAG-1"), product=f"magnets {number}")
    with django_assert_max_num_queries(6):
        text = words(demo.client().get("/declarations/").content.decode())
    assert "of 4 declarations" in text


# The declarant's pages


def test_the_owner_sees_his_lots_with_results(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", "/declarations/own/"))
    assert "MAG-1" in text
    assert "27.4" in text
    assert demo.declaration.reference in text
    assert "ALLOY-1" not in text


@pytest.mark.parametrize("path", ["/declarations/own/", "/lots/{lot}/figures/", "/lots/{lot}/declare/",
                                  "/d/{reference}/withdraw", "/d/{reference}/supersede"])  # fmt: skip
def test_anybody_is_asked_to_sign_in(demo: Demo, path: str) -> None:
    answer = demo.client().get(path.format(lot=demo.ids["MAG-1"], reference=demo.declaration.reference))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["nordwind", "redgum"])
def test_outsiders_find_no_figures_and_cannot_declare(demo: Demo, who: str) -> None:
    client = demo.client(who)
    for path in ("figures", "declare"):
        assert client.get(f"/lots/{demo.ids['MAG-1']}/{path}/").status_code == 404
    for path in ("withdraw", "supersede"):
        assert client.get(f"{page(demo)}/{path}").status_code == 404


def test_a_customer_reads_the_figures_of_what_he_bought_but_not_its_causes(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", f"/lots/{demo.ids['ALLOY-1']}/figures/"))
    assert "Withheld by the maker" in text
    assert "By economic value" in text
    assert "Compute and sign" not in text


@pytest.mark.parametrize("who", ["isarmagnet", "auditor"])
def test_where_nothing_is_counted_the_causes_say_so(demo: Demo, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr("epd.web.figures.by_cause", lambda result: ())
    address = f"/lots/{demo.ids['MAG-1']}/figures/" if who == "isarmagnet" else page(demo)
    assert "No figure is counted here, so there is no cause to show." in words(read(demo, who, address))


def test_a_customer_cannot_compute_or_declare_it(demo: Demo) -> None:
    client = demo.client("isarmagnet")
    assert client.post(f"/lots/{demo.ids['ALLOY-1']}/figures/").status_code == 404
    assert client.get(f"/lots/{demo.ids['ALLOY-1']}/declare/").status_code == 404


def test_figures_further_upstream_are_withheld(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", f"/lots/{demo.ids['MET-NDPR']}/figures/"))
    assert "withheld by the maker" in text
    assert "44.4" not in text


def test_the_maker_computes_and_signs(demo: Demo, changing: None) -> None:
    from epd.models import LotResultRow

    before = LotResultRow.objects.filter(lot=demo.lot("MAG-1")).count()
    answer = demo.client("isarmagnet").post(f"/lots/{demo.ids['MAG-1']}/figures/", follow=True)
    assert "Computed and signed" in words(answer.content.decode())
    assert LotResultRow.objects.filter(lot=demo.lot("MAG-1")).count() == before + 1


def test_publishing_shows_the_page_before_it_is_signed(demo: Demo, changing: None) -> None:
    from epd.models import Declaration

    client, address = demo.client("isarmagnet"), f"/lots/{demo.ids['MAG-1']}/declare/"
    seen = client.post(address, {"product": "magnets, grade N42SH", "illustrative": "on"})
    html = seen.content.decode()
    assert "Nothing is signed yet" in words(html)
    assert "27.425316085576" in html
    assert "9272.281" not in html  # what anybody will read, not what the maker knows
    assert Declaration.objects.count() == 1
    said = {"product": "magnets, grade N42SH", "illustrative": "on"}
    again = client.post(address, {**said, "change": "1"})
    assert "magnets, grade N42SH" in again.content.decode()
    done = client.post(address, {**said, "sign": "1"})
    made = Declaration.objects.get(product="magnets, grade N42SH")
    assert done["Location"] == f"/d/{made.reference}"
    assert made.illustrative is True


def test_a_product_is_needed(demo: Demo) -> None:
    answer = demo.client("isarmagnet").post(f"/lots/{demo.ids['MAG-1']}/declare/", {"product": " "})
    text = words(answer.content.decode())
    assert "One thing to put right" in text
    assert "Nothing was signed." in text


def test_a_viewer_reads_but_does_not_sign(demo: Demo, changing: None) -> None:
    from traceability.models import Membership

    Membership.objects.filter(organisation=demo.organisation("isarmagnet")).update(role=Membership.Role.VIEWER)
    text = words(read(demo, "isarmagnet", f"/lots/{demo.ids['MAG-1']}/figures/"))
    assert "Compute and sign" not in text
    answer = demo.client("isarmagnet").post(f"{page(demo)}/withdraw", {"reason": "because"})
    assert "Your role lets you read, not sign" in words(answer.content.decode())


def test_a_withdrawn_declaration_stays_and_says_why(demo: Demo, changing: None) -> None:
    client = demo.client("isarmagnet")
    refused = client.post(f"{page(demo)}/withdraw", {"reason": ""})
    assert "Nothing was signed." in words(refused.content.decode())
    client.post(f"{page(demo)}/withdraw", {"reason": "the electricity meter was read wrong"})
    text = words(read(demo, "", page(demo)))
    assert "Withdrawn." in text
    assert "Do not use its figures. Reason: the electricity meter was read wrong" in text
    assert client.get(f"{page(demo)}/withdraw").status_code == 404
    checked = words(read(demo, "", f"/verify/?q={demo.declaration.reference}"))
    assert "Not valid" in checked


def test_what_does_not_balance_any_more_is_counted(demo: Demo, changing: None) -> None:
    from traceability.models import Statement
    from traceability.services import acceptance, rows_world
    from traceability.services.submissions import Act

    [effective] = rows_world.effective_versions([Statement.objects.get(pk=demo.lot("MAG-1").made_by_id)])
    said = effective.original
    magnets, *others = effective.body["outputs"]
    claim = {
        **{name: said.content[name] for name in ("occurred_from", "occurred_to", "utc_offset", "process")},
        "body": {**effective.body, "outputs": [{**magnets, "mass_kg": "9000"}, *others]},
    }
    body = {"replaces": said.digest, "newest": said.digest, "reason": "the scale was wrong", "as": claim}
    act = Act("statement.correct", demo.organisation("isarmagnet").pk, body, (said.occurred_from, said.occurred_to))
    acceptance.accept(actor=demo.actor("isarmagnet"), submissions=[act])
    text = words(read(demo, "auditor", page(demo)))
    assert "A difference beyond the uncertainty: 3; none creates matter" in text


def test_a_superseded_declaration_leads_to_its_successor(demo: Demo, changing: None) -> None:
    from epd.services import declarations

    newer, _ = declarations.publish(actor=demo.actor("isarmagnet"), lot=demo.lot("MAG-1"), product="magnets again")
    client = demo.client("isarmagnet")
    client.post(f"{page(demo)}/supersede", {"successor": str(newer.pk), "reason": "measured again"})
    html = read(demo, "", page(demo))
    assert f"/d/{newer.reference}" in html
    assert "measured again" in html


def test_nobody_supersedes_with_the_declaration_of_another(demo: Demo, changing: None) -> None:
    from epd.services import declarations

    foreign, _ = declarations.publish(actor=demo.actor("baltika"), lot=demo.lot("ALLOY-1"), product="alloy")
    answer = demo.client("isarmagnet").post(
        f"{page(demo)}/supersede", {"successor": str(foreign.pk), "reason": "better"}
    )
    assert "to put right" in words(answer.content.decode())
    demo.declaration.refresh_from_db()
    assert demo.declaration.status == "published"


def test_figures_become_stale_when_the_maker_signs_newer_ones(demo: Demo, changing: None) -> None:
    from epd.services import results

    results.publish_result(actor=demo.actor("isarmagnet"), lot=demo.lot("MAG-1"))
    text = words(read(demo, "", page(demo)))
    assert "the maker has signed a newer result: the figures are stale" in text


# Checks


def test_anybody_checks_a_declaration_by_its_reference(demo: Demo) -> None:
    text = words(read(demo, "", f"/verify/?q={demo.declaration.reference.lower()}"))
    assert "What could be checked holds" in text
    assert "12 pass" in text
    assert "2 not established" in text
    for group in ("Identity", "Integrity", "Completeness", "Matter", "Method", "Validity"):
        assert group in text


def test_anybody_checks_a_custody_hash(demo: Demo) -> None:
    from traceability.models import SubjectHead

    head = bytes(SubjectHead.objects.get(pk=demo.ids["MAG-1"]).custody_hash).hex()
    text = words(read(demo, "", f"/verify/?q={head}"))
    assert "Known, signed and in the log" in text
    assert "Yes: nothing was said after it." in text
    assert demo.declaration.reference in text
    for secret in ("MAG-1", "9272"):
        assert secret not in text


def test_an_older_custody_hash_says_that_more_was_said(demo: Demo) -> None:
    from traceability.models import ChainLink

    first = ChainLink.objects.get(subject=demo.ids["MAG-1"], seq=0)
    grouped = " ".join(re.findall(".{8}", bytes(first.custody_hash).hex()))
    assert "No: 1 statement came after it." in words(read(demo, "", f"/verify/?q={grouped}"))


@pytest.mark.parametrize("asked", ["0" * 64, "ABCD-EFGH", "<script>", "x" * 300])
def test_what_the_record_does_not_know_is_said_so(demo: Demo, asked: str) -> None:
    answer = demo.client().get("/verify/", {"q": asked})
    assert "This record does not know it." in words(answer.content.decode())
    assert "<script>" not in answer.content.decode().replace('<script src="', "")


def test_the_empty_page_teaches_how_to_check_without_this_server(demo: Demo) -> None:
    text = words(read(demo, "", "/verify/"))
    assert "offline verifier" in text
    assert "bring the bundle here" in text


def test_a_history_is_recomputed_once_and_again_when_its_chains_grow(demo: Demo, changing: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from epd.services import history, results
    from epd.services.checked import Word

    with CaptureQueriesContext(connection) as first:
        history.of_declaration(demo.declaration)
    with CaptureQueriesContext(connection) as second:
        history.of_declaration(demo.declaration)
    assert len(second) < 6 < len(first)
    results.publish_result(actor=demo.actor("baltika"), lot=demo.lot("ALLOY-1"))
    found = history.of_declaration(demo.declaration)
    waiting = found.named("in_log")
    assert waiting is not None
    assert waiting.word is Word.NOT_ESTABLISHED


def test_a_result_whose_values_were_erased_keeps_nobody_from_his_list(demo: Demo, changing: None) -> None:
    from epd.models import LotResultRow
    from traceability.models import Disclosure

    rows = LotResultRow.objects.filter(lot=demo.lot("MAG-1"))
    Disclosure.objects.filter(statement__in=rows.values("statement")).update(text=None)
    listed = demo.client("isarmagnet").get("/declarations/own/")
    assert listed.status_code == 200
    assert "MAG-1" in listed.content.decode()


def test_every_reason_why_a_figure_is_not_declared_has_words() -> None:
    assert set(REASONS) == set(Reason)

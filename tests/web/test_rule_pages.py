"""Pages of rules: what is said of a lot, to whom, of which day, on a page and in a file."""

import csv
import io
import re
from datetime import date

import pytest

from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words
from traceability.rules.answers import Outcome
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.evaluating import answers_of
from traceability.rules.facts import LotFacts
from traceability.selectors import rule_facts

TODAY = date(2026, 11, 22)
DFARS = "us-dfars-252-225-7052"


def place(demo: Demo, name: str) -> str:
    return f"/lots/{demo.ids[name]}/rules/"


def rows(demo: Demo, who: str, address: str) -> list[dict[str, str]]:
    answer = demo.client(who).get(address + ("&" if "?" in address else "?") + "format=csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_demonstration_magnet_passes_both_phases(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", place(demo, "MAG-1") + "?as_of=2026-11-22"))
    assert f"Passes rule set {DFARS}, version 1, as of 22 Nov 2026." in text
    assert f"Passes rule set {DFARS}, version 2, as of 1 Jan 2027." in text
    assert "compliant" not in text.lower()


def test_its_recycled_content_stands_per_element(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", place(demo, "MAG-1")))
    assert re.search(r"dysprosium 41\.0 .*27\.4", text)
    assert "The assay of the lot does not name B: not declared, which is not zero." in text


def test_the_file_has_every_answer_with_reasons(demo: Demo) -> None:
    found = rows(demo, "isarmagnet", place(demo, "MAG-1") + "?as_of=2026-11-22")
    first = found[0]
    assert (first["Answer"], first["As of"], first["Version"]) == ("Passes", "2026-11-22", "1")
    assert first["Digest of the rule set"].startswith("sha256:")
    assert len(found) == 13


@pytest.mark.parametrize(("who", "status"), [("auditor", 200), ("nordwind", 404), ("selat", 404)])
def test_who_may_not_see_the_lot_gets_no_answer(demo: Demo, who: str, status: int) -> None:
    assert demo.client(who).get(place(demo, "MAG-1")).status_code == status


def test_a_supplier_is_told_nothing_of_what_came_of_his_lot(demo: Demo) -> None:
    text = words(read(demo, "selat", place(demo, "OX-DY-MW")))
    assert "MAG-1" not in text
    assert "Isarmagnet" not in text


def test_a_day_that_is_none_is_named(demo: Demo) -> None:
    assert "That is no day" in read(demo, "isarmagnet", place(demo, "MAG-1") + "?as_of=2026-13-01")


def test_many_lots_stand_on_one_page_and_in_one_file(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", "/lots/rules/?as_of=2026-11-22"))
    assert "DFARS 7052, from" in text
    assert "MAG-1" in text
    assert "ALLOY-1" not in text
    every = rows(demo, "isarmagnet", "/lots/rules/?stage=&as_of=2026-11-22")
    assert {"MAG-1", "ALLOY-1"} <= {one["Lot"] for one in every}
    assert every[0]["MOFCOM 57"] == "Not applicable"
    assert "no such lot" in read(demo, "nordwind", "/lots/rules/")


def test_anybody_reads_the_rule_sets_with_their_sources(demo: Demo) -> None:
    text = words(read(demo, "", "/about/rules/"))
    assert "89 FR 46816" in text
    assert "from memory: check it" in text
    assert text.count("sha256:") == len(all_rule_sets())


def facts(demo: Demo, who: str, name: str) -> LotFacts:
    actor, lot = demo.actor(who), demo.lot(name)
    return rule_facts.facts_of(actor, rule_facts.visible(actor, [lot.pk], TODAY), TODAY)[lot.pk]


def test_the_maker_of_oxide_computes_what_his_customer_is_only_told(demo: Demo) -> None:
    own = facts(demo, "juniper-flat", "OX-NDPR-MP/1")
    assert own.shares is not None
    assert not own.shares_stated
    bought = facts(demo, "isarmagnet", "MAG-1")
    assert bought.shares_stated


@pytest.mark.parametrize("who", ["isarmagnet", "auditor"])
def test_the_answers_of_the_chain_are_those_that_were_expected(demo: Demo, who: str) -> None:
    found = {
        (one.rule_set.short, one.is_later): one.found.outcome
        for one in answers_of(facts(demo, who, "MAG-1"), all_rule_sets(), TODAY)
    }
    assert found["DFARS 7052", False] is found["DFARS 7052", True] is Outcome.PASS
    assert found["MOFCOM 18", False] is Outcome.NOT_APPLICABLE
    assert found["OECD", False] is Outcome.PASS


def test_dispatches_follow_the_goods_from_country_to_country(demo: Demo) -> None:
    chain = facts(demo, "isarmagnet", "MAG-1").chain
    went = {
        (chain.makings[one.lot].stage, one.from_country, one.to_country)
        for sent in chain.dispatches.values()
        for one in sent
    }
    assert went == {
        ("concentrate", "AU", "MY"), ("oxide", "US", "EE"), ("oxide", "MY", "EE"), ("oxide", "DE", "EE"),
        ("alloy", "EE", "DE"),
    }  # fmt: skip

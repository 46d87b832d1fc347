"""Statements with a lot beside that the bundle does not carry: what their open fields forbid is still seen."""

import pytest

from tests.verifier.builder import codes, urn
from tests.verifier.stories import Story, assay, correct, draws, lot, mine_to_metal, void
from traceability.verifier.report import Verdict

SPLIT = {
    "inputs": draws(con="60"),
    "outputs": [
        lot("con/1", "20", material="con", stage="concentrate", **{"class": "product"}),
        lot("con/2", "40", material="con", stage="concentrate", **{"class": "product"}),
    ],
}


def test_a_split_with_a_part_elsewhere_is_corrected_by_its_issuer():
    story = mine_to_metal()
    correct(story, "split", SPLIT)
    story.log.commit()
    assert story.report().verdict is Verdict.VALID


def test_and_by_nobody_else():
    """section 5, Corrections: by its issuer."""
    story = mine_to_metal()
    correct(story, "split", SPLIT, by="b")
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "not_issuer_of_original" in codes(report)


def test_a_split_stays_one_when_it_is_corrected():
    story = mine_to_metal()
    wrong = {**SPLIT, "losses": [{"kind": "dust", "mass_kg": "0.001"}]}
    correct(story, "split", wrong)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "not_a_split_or_merge" in codes(report)


def sold_twice(*, corrected: bool) -> Story:
    """Concentrate goes into a step whose product is sold, and what is left into the lot of the bundle."""
    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    story.said["other"] = log.say(a, "lot.source", lot("feed", "500", stage="ore", origin="mined", country="US",
                                                       assay=assay(Nd2O3="8")))  # fmt: skip
    story.said["first"] = log.say(a, "lot.transform", step("feed", "400", "sold"), process=[("leach", "US")],
                                  partial=[urn("feed")])  # fmt: skip
    log.outside |= {urn("sold")}
    if corrected:
        correct(story, "first", step("feed", "1", "sold"))
    left = "499" if corrected else "100"
    log.say(a, "lot.transform", step("feed", left, "kept"), process=[("leach", "US")])
    story.target = urn("kept")
    log.commit()
    return story


def step(source: str, drawn: str, made: str) -> dict[str, object]:
    mass = int(drawn) // 10
    content = "80" if mass else "8"
    outputs = [lot(made, str(mass or 1), stage="concentrate", **{"class": "product"}, assay=assay(Nd2O3=content))]
    losses = [{"kind": "slag", "mass_kg": str(int(drawn) - mass)}] if mass else []
    body: dict[str, object] = {"inputs": [{"lot": urn(source), "mass_kg": drawn}], "outputs": outputs}
    return body | ({"losses": losses} if losses else {})


def on_this_lot(story: Story):
    carried = {urn("feed"), urn("kept"), story.parties["a"].urn, story.log.operator.urn, urn("attest a")}
    without = [one for one in story.log.carriable() if one.subjects and not carried & set(one.subjects)]
    return story.report(story.log.members(without=without, subjects=carried))


def test_what_is_left_of_a_lot_goes_on():
    report = on_this_lot(sold_twice(corrected=False))
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_a_corrected_draw_gives_nothing_back_though_its_product_is_elsewhere():
    """ADR 20: the reader of the second lot never sees the chain of the one that was sold."""
    report = on_this_lot(sold_twice(corrected=True))
    assert report.verdict is Verdict.INVALID
    assert "draw_lowered" in codes(report)


@pytest.mark.parametrize("by", ["a", "b"])
def test_a_sold_part_stands_in_the_way_of_a_void(by):
    story = mine_to_metal()
    void(story, "split", by=by)
    story.log.outside.clear()
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert ("not_voidable" if by == "a" else "not_issuer_of_original") in codes(report)

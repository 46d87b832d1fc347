"""The offline verifier knows certificates of sites: a note where one was expired, INVALID where a rule was broken."""

import pytest

from tests.verifier.builder import urn
from tests.verifier.stories import Story, mine_to_metal
from traceability.verifier.report import Verdict


def certified(story: Story, until: str, *, by: str = "a", renews: str = "", **changes: str) -> str:
    body = {"facility": urn("mine"), "standard": "ISO 14001:2015", "certifier": "C", "valid_from": "2024-01-01",
            "valid_until": until, **changes} | ({"renews": renews} if renews else {})  # fmt: skip
    party = story.parties[by]
    return story.log.say(party, "facility.certificate", body, subject=party.urn).digest


def sentences(story: Story) -> list[str]:
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID
    [check] = [one for one in report.checks if one.name == "Current"]
    return [one.sentence for one in check.findings if one.code == "certificate_expired"]


def test_one_in_force_is_nothing_to_note() -> None:
    story = mine_to_metal()
    certified(story, "2099-12-31")
    assert sentences(story) == []


def test_an_expired_one_is_noted_until_another_takes_its_place() -> None:
    story = mine_to_metal()
    first = certified(story, "2025-12-31")
    assert sentences(story) == ["The certificate ISO 14001:2015 of this site ended on 2025-12-31."]
    certified(story, "2099-12-31", renews=first)
    assert sentences(story) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"facility": urn("no site")}, "facility_not_yours"),
        ({"by": "b"}, "facility_not_yours"),
        ({"renews": "sha256:" + "0" * 64}, "not_that_certificate"),
    ],
)
def test_one_that_the_door_refuses_breaks_the_bundle(changes: dict[str, str], code: str) -> None:
    story = mine_to_metal()
    certified(story, "2099-12-31", **changes)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert code in {one.code for check in report.checks for one in check.findings}

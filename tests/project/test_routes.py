"""Owner, partner, outsider and anybody on every route of the site. A route without a line in routes.py fails."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.project.routes import classes, routes
from tests.project.site import Site, parameters_of

CLASSES = classes()
NOT_ALLOWED, UNKNOWN_ACTOR, UNSEEN = 405, 401, 404
TESTS = Path(__file__).parents[1]
PUBLISHED = ("api-declaration-withdraw", "api-declaration-approval", "api-declaration-supersede")
"""What everybody sees and only its declarant may change: an outsider is told so."""
SHARED = {
    "api-statement", "api-statement-disclosures", "api-statement-receipt", "request_opening", "statement",
    "statement_envelope", "statement_payload", "statement_proof",
}  # fmt: skip
"""What a partner sees of the owner's: the statement that took up a lot of his."""
NO_SECRET = {
    "log-tile", "log-proof", "log-heads", "log-consistency", "api-problem", "api-rule-set", "algorithm",
    "api-declaration", "api-declaration-statement", "api-declaration-verify", "api-declaration-file", "declaration",
    "api-declaration-programmes", "api-declaration-history",
    "api-declaration-confidence", "declaration_confidence", "declaration_statement", "declaration_file",
    "declaration_csv", "declaration_factors", "crate", "digital_link", "bundle_report", "sheet_template",
    "api-sheet-template", "did_document", "status_list", "epcis-resources", "epcis-next-page-token",
    "api-declaration-uncertainty",
}  # fmt: skip
"""What names a thing in its address and belongs to nobody: the public log, what is published, keys of issuers, words of
the site, a report under the digest of its bundle, a page under a token of the reader's own."""
WITHOUT_A_PAGE = {"act_for": 302}
"""Where anybody is not sent to the login: whoever is nobody acts for nobody, and is back on the first page."""
ASKED_ELSEWHERE = {
    "proposal": ("web/test_supplier_proposals.py", "/proposals/"),
    "api-proposal-agree": ("api/test_signatures.py", "/agree"),
    "api-proposal-decline": ("api/test_signatures.py", "/decline"),
    "api-figures-approval": ("api/test_figures_approvals.py", "approvals/figures/"),
    "api-figures-approve": ("api/test_figures_approvals.py", "/sign"),
    "api-figures-send-back": ("api/test_figures_approvals.py", "/send-back"),
    "api-declaration-supersede": ("api/test_declarations.py", "/supersede"),
    "api-declaration-submission": ("api/test_verifying.py", "submission"),
    "api-declaration-review": ("api/test_verifying.py", "review"),
    "api-declaration-remarks": ("api/test_verifying.py", "remarks"),
    "api-declaration-verification": ("api/test_verifying.py", "verification"),
    "api-declaration-refusal": ("api/test_verifying.py", "refusal"),
    "api-declaration-registration": ("api/test_verifying.py", "registration"),
    "api-remark-done": ("api/test_verifying.py", "/done"),
    "verification": ("web/test_verifying_pages.py", "/verifications/"),
}
"""What needs more than one thing of the owner to be there, and the test that has it."""


def methods(name: str) -> tuple[str, ...]:
    return ("get", "post", "put", "delete") if name.startswith(("api-", "epcis")) else ("get", "post")


def but_names(text: str, address: str) -> str:
    """What a page says apart from what differs each time: the address, marks against forged forms, ids of requests."""
    for one in (address, quote(address), quote(address, safe="")):
        text = text.replace(one, "")
    return re.sub(r'[0-9a-f]{32}|name="csrfmiddlewaretoken" value="[^"]*"|nonce-\S+', "", text)


def of_owner() -> list[str]:
    return [name for name in of_class("owner") if name not in ASKED_ELSEWHERE]


def of_class(title: str) -> list[str]:
    return [name for name in sorted(CLASSES) if CLASSES[name] == title]


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert set(routes()) == CLASSES.keys()


@pytest.mark.parametrize("name", of_class("anybody"))
def test_what_is_open_is_open_to_all(site: Site, name: str) -> None:
    owner, outsider, anybody = site.statuses("get", name)
    assert owner == outsider == anybody < 500
    owner, outsider, anybody = site.statuses("post", name)
    assert owner == outsider < 500
    assert anybody in (owner, UNKNOWN_ACTOR)


@pytest.mark.parametrize("name", of_class("member"))
def test_what_is_for_members_asks_who_is_there(site: Site, name: str) -> None:
    found = {method: site.statuses(method, name) for method in methods(name)}
    assert {anybody for _, _, anybody in found.values()} == {UNKNOWN_ACTOR}
    assert all(owner == outsider < 500 for owner, outsider, _ in found.values())
    assert any(owner != NOT_ALLOWED for owner, _, _ in found.values())


@pytest.mark.parametrize("name", of_owner())
def test_what_has_an_owner_is_not_there_for_an_outsider(site: Site, name: str) -> None:
    found = {method: site.statuses(method, name) for method in methods(name)}
    allowed = [row for row in found.values() if row[0] != NOT_ALLOWED]
    assert allowed
    for owner, outsider, anybody in allowed:
        assert owner < 500
        assert owner not in (401, 403, 404)
        assert outsider == (403 if name in PUBLISHED else UNSEEN)
        assert anybody == WITHOUT_A_PAGE.get(name, UNKNOWN_ACTOR)
    assert {row[1] for row in found.values()} <= {UNSEEN, NOT_ALLOWED, *((403,) if name in PUBLISHED else ())}


@pytest.mark.parametrize("name", of_class("owner"))
def test_to_an_outsider_a_thing_of_others_is_as_one_that_nobody_has(site: Site, name: str) -> None:
    there, nowhere = site.address(name), site.address_of_nothing(name)
    assert parameters_of(name)
    assert there != nowhere
    for method in methods(name):
        status, text = site.answer("outsider", method, name, there)
        assert status in (NOT_ALLOWED, 403 if name in PUBLISHED else UNSEEN)
        if status == UNSEEN:
            missing, about_nothing = site.answer("outsider", method, name, nowhere)
            assert (missing, but_names(about_nothing, nowhere)) == (status, but_names(text, there))


def test_what_is_named_in_other_addresses_is_no_secret() -> None:
    others = [name for name in CLASSES if CLASSES[name] in ("anybody", "member") and parameters_of(name)]
    assert set(others) == NO_SECRET


@pytest.mark.parametrize("name", of_owner())
def test_a_partner_sees_what_he_has_a_part_in_and_nothing_else(site: Site, name: str) -> None:
    found = {method: site.status("partner", method, name) for method in methods(name)}
    allowed = {status for status in found.values() if status != NOT_ALLOWED}
    assert allowed == ({200} if name in SHARED else {403} if name in PUBLISHED else {UNSEEN})


@pytest.mark.parametrize("name", ASKED_ELSEWHERE)
def test_what_is_asked_elsewhere_is_asked_there(name: str) -> None:
    file, words = ASKED_ELSEWHERE[name]
    text = (TESTS / file).read_text(encoding="utf-8")
    assert all(one in text for one in (words, "outsider", "40"))


@pytest.mark.parametrize("name", of_class("operator"))
def test_what_the_operator_does_is_not_there_for_others(site: Site, name: str) -> None:
    found = {method: site.statuses(method, name) for method in methods(name)}
    mine = {method: site.status("operator", method, name) for method in methods(name)}
    allowed = [method for method, status in mine.items() if status != NOT_ALLOWED]
    assert allowed
    for method in allowed:
        assert mine[method] < 500
        assert mine[method] not in (401, 403, 404)
        assert found[method] == (UNSEEN, UNSEEN, UNKNOWN_ACTOR)


@pytest.mark.parametrize("name", sorted(name for name in CLASSES if name.startswith("api-")))
def test_what_writes_refuses_a_parameter_that_it_does_not_have(site: Site, name: str) -> None:
    address, owner = site.address(name) + "?colour=red", site.browsers["owner"]
    for method in ("post", "put", "delete"):
        answer = getattr(owner, method)(address)
        assert answer.status_code in (400, 403, 405)
        assert answer.status_code != 400 or answer.json()["code"] == "unknown_parameter"

"""How many questions each list page asks the database: as many for a long list as for a short one, and at most twelve.

Session and user are among them. What keeps in the audit log that confidential values were read is not: it is written
after the page, once a day for each reader.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.web.more_rows import (
    FEW,
    MANY,
    WORD,
    Grow,
    applicants,
    arrivals,
    audit,
    bundles,
    countersigned,
    failures,
    found_by_words,
    keys_of_platform,
    lots,
    lots_and_partners,
    magnets_of_one_alloy,
    members,
    mine,
    newest,
    notes,
    nothing,
    notices,
    openings,
    partners,
    product_numbers,
    reference_drafts,
    requests,
    statements,
    submitted,
    templates,
    trusted,
    watches,
    webhooks,
)

if TYPE_CHECKING:
    from django.test.utils import CaptureQueriesContext

    from tests.demo_chain import Demo
    from tests.project.site import Site

MOST = 12


@dataclass(frozen=True)
class ListPage:
    """A page, what makes it longer, and how much it may ask."""

    route: str
    grow: Grow
    query: str = ""
    longer: str = ""
    """The query of the long page, where it is another."""
    actor: str = "owner"
    most: int = MOST
    is_list: bool = True
    """Whether there is a line for each row, or the rows are counted."""
    because: str = ""
    """Why it may ask more than the others."""

    def __str__(self) -> str:
        return f"{self.route}?{self.query}" if self.query else self.route


SAMPLE = "of=OWNER&since=2000-01-01&until=2100-01-01&seed=1&size="
PAGES = (
    ListPage("overview", lots_and_partners, most=26, because="seven lists on one page, each of another kind"),
    ListPage("stock", lots),
    ListPage("stock", lots, query="state=all&q=MORE"),
    ListPage("incoming", lots),
    ListPage("outgoing", lots),
    ListPage("outgoing", lots, query="state=delivered"),
    ListPage("lots", lots_and_partners),
    ListPage("lots", lots, query="q=magnets"),
    ListPage("lots", lots, actor="auditor"),
    ListPage("lineage", magnets_of_one_alloy, query="of=stock&state=all&q=MORE"),
    ListPage("lots_rules", lots),
    ListPage("lots_compare", lots),
    ListPage(
        "suppliers",
        nothing,
        most=22,
        is_list=False,
        because="two steps of deliveries, then rules, requests, certificates with their sites and versions",
    ),
    ListPage("register", lots),
    ListPage("declarations", lots),
    ListPage("verifications", submitted),
    ListPage("reference_drafts", reference_drafts),
    ListPage("record", mine("Draft")),
    ListPage("sheets", mine("SheetImport")),
    ListPage("imports", newest("ForeignBundle")),
    ListPage("countersign", countersigned),
    ListPage("arrivals", arrivals),
    ListPage("templates", templates),
    ListPage("receipts", statements),
    ListPage("notices", notices),
    ListPage("watches", watches),
    ListPage("requests", requests),
    ListPage("openings", openings),
    ListPage("bundle_jobs", bundles),
    ListPage("audit_notes", notes),
    ListPage("facilities", mine("Facility")),
    ListPage("partners", partners),
    ListPage("members", members),
    ListPage("product_numbers", product_numbers),
    ListPage("tokens", mine("ApiToken")),
    ListPage("keys", mine("KeyEntry")),
    ListPage("webhooks", webhooks),
    ListPage("webhook", newest("WebhookDelivery")),
    ListPage("audit", audit),
    ListPage("log", statements, is_list=False),
    *(
        ListPage("search", found_by_words, query=f"q={WORD}&kind={kind}")
        for kind in ("lot", "declaration", "statement", "partner", "document")
    ),
    ListPage("search", found_by_words, query=f"q={WORD}"),
    ListPage("waiting", applicants, actor="operator"),
    ListPage("tenants", partners, actor="operator"),
    ListPage("outbox", newest("OutboxTask"), actor="operator"),
    ListPage("operator_mail", newest("MailEntry"), actor="operator"),
    ListPage("operator_jobs", failures, actor="operator"),
    ListPage("operator_keys", keys_of_platform, actor="operator", is_list=False),
    ListPage("operator_records", trusted, actor="operator"),
    ListPage("operator_log", statements, actor="operator", is_list=False),
    ListPage("material_accounts", lots, is_list=False),
    ListPage("material_behind", lots, is_list=False),
    ListPage("exceptions", lots, is_list=False),
    ListPage("sampling", nothing, query=f"{SAMPLE}1", longer=f"{SAMPLE}30"),
)


def questions(browsers: "Site", page: ListPage, query: str) -> tuple[list[str], int]:
    """What a page asks the database, without what is kept of the reading itself; and how long the page is."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    address = browsers.address(page.route) + (f"?{query}" if query else "")
    address = address.replace("OWNER", str(browsers.things["organisation"]))
    with CaptureQueriesContext(connection) as caught:
        answer = browsers.browsers[page.actor].get(address)
        assert answer.status_code == 200
        html = b"".join(answer)
    return without_what_is_kept(caught), len(html)


def without_what_is_kept(caught: "CaptureQueriesContext") -> list[str]:
    """What was asked, without what is kept of the reading itself."""
    written = ("INSERT", "SAVEPOINT", "RELEASE")
    told = [one["sql"] for one in caught.captured_queries if not one["sql"].startswith(written)]
    return [sql for sql in told if 'WHERE "traceability_auditevent"."once" IN' not in sql]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_list_page_asks_few_questions_whatever_its_length(
    site: "Site", demo: "Demo", changing: None, page: ListPage
) -> None:
    if page.actor == "auditor":
        site.browsers["auditor"] = demo.client("auditor")
    page.grow(demo, FEW)
    questions(site, page, page.query)  # the first visit makes the key of webhooks, and notes what was read
    few, short = questions(site, page, page.query)
    page.grow(demo, MANY)
    many, long = questions(site, page, page.longer or page.query)
    assert len(many) <= page.most, "\n".join(many)
    assert len(many) == len(few), "\n".join(many)
    assert long > short + 10 * len(MANY) or not page.is_list


def test_only_what_says_why_may_ask_more() -> None:
    assert all(bool(page.because) == (page.most > MOST) for page in PAGES)

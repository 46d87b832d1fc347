"""What the first view of each kind of page costs, over the demonstration: bytes, layout shift, time of the server.

docs/experience.md has the numbers. What pages with much behind them cost is in bench_pages.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.views import first_view, served
from tests.browser.conftest import chain, chain_copy, chromium
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chain", "chain_copy", "chromium"]
PAGES = (
    ("start", "", "/"),
    ("sign-in", "", "/accounts/login/"),
    ("register of declarations", "", "/declarations/"),
    ("a declaration", "", "/d/{declaration}"),
    ("check of a declaration", "", "/verify/?q={declaration}"),
    ("what a crate's QR code opens", "", "/c/{lot}"),
    ("log", "", "/log/"),
    ("documentation", "", "/about/record/"),
    ("overview", "isarmagnet", "/"),
    ("stock", "isarmagnet", "/stock/"),
    ("lots one may see", "auditor", "/lots/"),
    ("a lot with its graph", "isarmagnet", "/lots/{lot}/"),
    ("figures of a lot", "isarmagnet", "/lots/{lot}/figures/"),
    ("record", "isarmagnet", "/record/"),
    ("search", "isarmagnet", "/search/?q=magnet"),
    ("notices", "isarmagnet", "/notices/"),
    ("partners", "isarmagnet", "/partners/"),
    ("organisation", "isarmagnet", "/organisation/"),
    ("health of the log", "operator", "/operator/log/"),
)


def test_first_views_are_light_and_still(
    chain_copy: dict[str, str], chain: Demo, chromium: "Browser", tmp_path: Path
) -> None:
    from dataclasses import replace

    from tests.accounts.people import browser
    from traceability.models import Membership

    def session(who: str) -> str:
        actor = chain.actor(who)
        person = Membership.objects.filter(organisation=actor.organisation).earliest("pk")
        return browser(replace(actor, user_id=person.user_id)).cookies["sessionid"].value

    names = {"lot": chain.ids["MAG-1"], "declaration": chain.declaration.reference}
    sessions = {who: session(who) for _, who, _ in PAGES if who}
    heavy = []
    with served(chain_copy, tmp_path) as site:
        for name, who, address in PAGES:
            view = first_view(chromium, site + address.format(**names), sessions.get(who, ""))
            print(f"\n{name}: {view}", end="")
            if not view.is_light_and_quiet:
                heavy.append(f"{name}: {view}")
    assert heavy == []

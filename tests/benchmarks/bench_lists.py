"""How many questions each list page asks the database, for docs/experience.md; the limit is tested elsewhere."""

from typing import TYPE_CHECKING

import pytest

from tests.web.test_query_budget import FEW, MANY, PAGES, ListPage, questions

if TYPE_CHECKING:
    from tests.demo_chain import Demo
    from tests.project.site import Site


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_questions(site: "Site", demo: "Demo", changing: None, page: ListPage) -> None:
    site.browsers["auditor"] = demo.client("auditor")
    page.grow(demo, FEW)
    questions(site, page, page.query)
    few, _ = questions(site, page, page.query)
    page.grow(demo, MANY)
    many, octets = questions(site, page, page.longer or page.query)
    print(f"\n{page}: {len(few)} queries, {len(many)} with {len(MANY)} rows more, {octets / 1000:.0f} kB")
    assert len(many) == len(few)

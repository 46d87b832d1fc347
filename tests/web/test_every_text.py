"""No page has words that nobody can translate."""

import re
from collections import deque

import pytest

from tests.demo_chain import Demo
from tests.web.kinds import kinds_of
from tests.web.texts import data_of_the_database, marked, unmarked

LINK = re.compile(r'<a [^>]*?href="(/[^"#]*|\?[^"#]*)')
IN_ENGLISH = ("/design/", "/admin/", "/algorithms/")
"""For developers, and texts whose digest stands in signed results."""


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "who", ["", "isarmagnet", pytest.param("auditor", marks=SLOW), pytest.param("operator", marks=SLOW)]
)
def test_every_text_of_every_page_can_be_translated(demo: Demo, who: str) -> None:
    data = data_of_the_database()
    client = demo.client(who)
    found: dict[str, str] = {}
    met: set[str] = set()
    waiting = deque(["/"])
    with marked():
        while waiting:
            address = waiting.popleft()
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer)  # closes its file
            if "html" not in answer.get("Content-Type", "") or address.startswith(IN_ENGLISH):
                continue
            page = answer.content.decode()
            for one in unmarked(page, data):
                found.setdefault(one, address)
            for link in LINK.findall(page):
                link = link.replace("&amp;", "&")
                link = address.partition("?")[0] + link if link.startswith("?") else link
                if not kinds_of(link) <= met and "logout" not in link:
                    met |= kinds_of(link)
                    waiting.append(link)
    assert found == {}
    assert len(met) > 10

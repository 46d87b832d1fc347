"""What pages for other lots, statements or numbers have in common."""

import re

NAMES = "[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|sha256:[0-9a-f]{64}|[0-9]+|[A-Z0-9]{4}-[A-Z0-9]{4}"
ONE_OF_MANY = re.compile(f"(?<=[/=])({NAMES})(?=[/&.]|$)")


def kinds_of(address: str) -> set[str]:
    """The kind of the page, with each name that its query asks by: a page is new that has one not met before."""
    path, _, query = address.partition("?")
    kind = ONE_OF_MANY.sub("*", path)
    return {f"{kind}?{part.partition('=')[0]}" for part in query.split("&")}

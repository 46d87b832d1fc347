"""Names in addresses."""

import re


class DeclarationConverter:
    """The uuid of a declaration, or its short reference."""

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}"
    PATTERN = f"^(?:{regex})$"

    @classmethod
    def matches(cls, name: str) -> bool:
        """Whether this is how a declaration is named."""
        return re.fullmatch(cls.regex, name) is not None

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value

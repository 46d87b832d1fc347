"""Names in addresses."""


class DeclarationConverter:
    """The uuid of a declaration, or its short reference."""

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}"
    PATTERN = f"^(?:{regex})$"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value

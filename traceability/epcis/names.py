"""Names and words of events in the one way of writing in which they are kept and compared."""

from typing import Final

from traceability.epcis.event_hash import USUAL_PREFIXES
from traceability.epcis.keys import canonical

CBV: Final = USUAL_PREFIXES["cbv"]


def normal_word(value: str, vocabulary: str) -> str:
    """A word of the vocabulary without its address, whichever way it was written."""
    return (CBV + value.removeprefix("cbv:") if value.startswith("cbv:") else value).removeprefix(vocabulary)


def normal_name(value: str) -> str:
    """A name in the one way of writing."""
    return canonical(value) or value

"""What became of a declaration by a given day: verified by whom, registered where, and what it may be called then."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from epd.documents.document import Reference
from epd.models import Declaration
from epd.selectors import verification
from traceability.services.rows_world import urn_of

VERIFIED: Final = "EPD-style declaration, verified, not registered"
REGISTERED: Final = "Environmental declaration, verified and registered"
VERIFIED_ILLUSTRATIVE: Final = "EPD-style declaration, verified, illustrative figures"


@dataclass(frozen=True, slots=True)
class Standing:
    """The verification and the registration that stand and are not over. Whom to accept is the reader's to say."""

    verifier: Reference
    until: date
    operator: Reference | None = None
    number: str = ""

    @property
    def sentence(self) -> str:
        """What a document says of it, and whose claim it is."""
        said = f"Verified by {self.verifier.name}, until {self.until.isoformat()}."
        if self.operator is not None:
            said += f" Registered by {self.operator.name} as {self.number}."
        else:
            said += " Not registered with a programme."
        return f"{said} That they are independent and accredited is their claim."


def standing_of(declaration: Declaration, today: date) -> Standing | None:
    """What stands on a day; None where nobody verified it, or not any more."""
    row = declaration
    if row.status != row.Status.PUBLISHED or row.verifier is None or row.verified_until is None:
        return None
    if row.verified_until < today:
        return None
    names = verification.names_of([row.verifier, row.registrar])
    verifier = Reference(names.get(row.verifier, urn_of(row.verifier)), str(row.verifier))
    registered = row.stage == row.Stage.REGISTERED and row.registered_until is not None
    if not registered or row.registrar is None or (row.registered_until or today) < today:
        return Standing(verifier, row.verified_until)
    operator = Reference(names.get(row.registrar, urn_of(row.registrar)), str(row.registrar))
    return Standing(verifier, row.verified_until, operator, row.number)


def title_of(declaration: Declaration, signed: str, standing: Standing | None) -> str:
    """What it may be called: as it was signed, until a verification stands."""
    if standing is None:
        return signed
    if declaration.illustrative:
        return VERIFIED_ILLUSTRATIVE
    return VERIFIED if standing.operator is None else REGISTERED

"""Refusals of the use-cases, beside those of the pure core: same shape, one class per cause."""

from traceability.ledger.errors import RecordError


class Refusal(RecordError):
    """Something that cannot be done now; nothing was saved."""

    code = "refused"


class NotAllowed(Refusal):
    code = "not_allowed"


class NotMemberOfIssuer(Refusal):
    code = "not_member_of_issuer"


class IdTaken(Refusal):
    code = "id_taken"


class SpareDisclosure(Refusal):
    code = "spare_disclosure"


class SeenUnknown(Refusal):
    code = "seen_unknown"

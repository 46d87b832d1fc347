"""Refusals of the use-cases, beside those of the pure core: same shape, one class per cause."""

from traceability.ledger.errors import RecordError


class Refusal(RecordError):
    """Something that cannot be done now; nothing was saved."""

    code = "refused"


class NotAllowed(Refusal):
    code = "not_allowed"


class ApprovalWanted(NotAllowed):
    """A signature that the organisation leaves to a second person."""

    code = "approval_wanted"


class NotMemberOfIssuer(Refusal):
    code = "not_member_of_issuer"


class IdTaken(Refusal):
    code = "id_taken"


class SpareDisclosure(Refusal):
    code = "spare_disclosure"


class SeenUnknown(Refusal):
    code = "seen_unknown"

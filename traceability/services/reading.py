"""Submissions as they come to the door: envelopes are read, acts are named, and what was said before is found again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from traceability.acceptance.world import Effective
from traceability.ledger import closed
from traceability.ledger.envelope import Envelope, parse_envelope, verify_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement, parse_statement
from traceability.models import Statement as StatementRow
from traceability.selectors.access import Actor
from traceability.services.errors import ApprovalWanted, IdTaken, NotAllowed, NotMemberOfIssuer
from traceability.services.stored import effective_versions, read_statement_opened, uuid_of
from traceability.services.submissions import Act, Receipt, SignedSubmission, Submission


@dataclass(frozen=True, slots=True)
class Read:
    """An envelope as read: its statement is well-formed."""

    written: bytes
    envelope: Envelope
    statement: Statement
    disclosures: Mapping[str, closed.Disclosure]

    def check_signers(self, public_keys: Sequence[bytes]) -> None:
        """Refuses an envelope that is not signed by exactly these keys."""
        verify_envelope(self.envelope, public_keys)


@contextmanager
def refusing(number: int) -> Iterator[None]:
    """Lets a refusal name the submission that it is about, counted from 0."""
    try:
        yield
    except RecordError as error:
        error.fields["submission"] = number
        raise


def read_all(submissions: Sequence[Submission]) -> list[Read | None]:
    """The envelopes as read, None for acts; no two submissions have the same id."""
    found: list[Read | None] = []
    ids: set[tuple[UUID, UUID | None]] = set()
    for number, submission in enumerate(submissions):
        with refusing(number):
            read = _read(submission) if isinstance(submission, SignedSubmission) else None
            identity = identity_of(submission, read)
            if identity in ids and identity[1] is not None:
                raise IdTaken("Another statement of this batch has the same id.", path="/id")
        ids.add(identity)
        found.append(read)
    return found


def _read(submission: SignedSubmission) -> Read:
    disclosures: dict[str, closed.Disclosure] = {}
    for number, text in enumerate(submission.disclosures):
        try:
            one = closed.parse_disclosure(text)
        except RecordError as error:
            error.path = f"/disclosures/{number}"
            raise
        disclosures[one.digest] = one
    found = parse_envelope(submission.envelope)
    values = {digest: one.value for digest, one in disclosures.items()}
    try:
        statement = parse_statement(found.payload, values)
    except RecordError as error:
        error.path = error.path or "/payload"
        raise
    return Read(submission.envelope, found, statement, disclosures)


def check_actor(actor: Actor, submissions: Sequence[Submission], signed: Sequence[Read | None]) -> None:
    """Only a member of the issuer who may sign submits anything (section 7)."""
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    for submission, read in zip(submissions, signed, strict=True):
        if identity_of(submission, read)[0] != actor.organisation.pk:
            raise NotMemberOfIssuer("You can only submit what your own organisation says.", path="/issuer")


def require_signer(actor: Actor) -> None:
    """Refuses who signs nothing himself in an organisation that wants approval by a second person."""
    if sentence := actor.why_not_sign:
        raise ApprovalWanted(sentence)


def identity_of(submission: Submission, read: Read | None) -> tuple[UUID, UUID | None]:
    """The issuer and the id, which acceptance binds together."""
    if isinstance(submission, Act):
        return submission.issuer, submission.id
    return (uuid_of(read.statement.issuer), uuid_of(read.statement.id)) if read else (UUID(int=0), None)


def repeated(row: StatementRow, submission: Submission, read: Read | None) -> Receipt:
    """The first receipt again, for the same bytes or the same act; other content under a used id is refused."""
    effective = effective_versions([row])[0]
    same = bytes(row.envelope) == read.written if read else _says_the_same(effective, submission)
    if not same:
        raise IdTaken("This id was used for something else. Give the statement a new id.", path="/id")
    codes = row.findings.order_by("pk").values_list("code", flat=True)
    return replace(receipt_of(row, effective.original, repeated=True), findings=tuple(codes))


def _says_the_same(effective: Effective, submission: Submission) -> bool:
    return (
        isinstance(submission, Act)
        and submission.kind == effective.original.kind
        and submission.occurred == (effective.original.occurred_from, effective.original.occurred_to)
        and submission.process == effective.original.process
        and dict(submission.body) == dict(read_statement_opened(effective))
    )


def receipt_of(row: StatementRow, statement: Statement, *, repeated: bool = False) -> Receipt:
    """The receipt of a stored statement."""
    return Receipt(
        id=statement.id,
        kind=statement.kind,
        issuer=statement.issuer,
        digest=statement.digest,
        custody_hashes={chain.subject: statement.custody_hash(chain.subject) for chain in statement.chains},
        accepted_at=row.accepted_at,
        repeated=repeated,
    )

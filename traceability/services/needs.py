"""What a batch of submissions touches, so that it can be loaded and locked at once."""

from collections.abc import Sequence

from traceability.ledger import identifiers
from traceability.ledger.kinds import kind_of
from traceability.ledger.kinds.kind import Body
from traceability.models import Statement as StatementRow
from traceability.services.reading import Read, identity_of
from traceability.services.rows_world import Needs
from traceability.services.stored import urn_of
from traceability.services.submissions import Act, Submission

_VERSIONS = {"statement.correct": "replaces", "statement.void": "voids"}
_CHANGES_ASSAYS = ("lot.source", "lot.import", "lot.transform", "lot.assay")


def needs_of(submissions: Sequence[Submission], signed: Sequence[Read | None]) -> Needs:
    """The subjects and organisations of a batch."""
    needs = Needs()
    for submission, read in zip(submissions, signed, strict=True):
        issuer, id = identity_of(submission, read)
        if id is not None:
            needs.ids.add((issuer, id))
        if read is not None:
            statement = read.statement
            needs.organisations |= {statement.issuer, *(one.organisation for one in statement.cosigners)}
            needs.subjects |= {chain.subject for chain in statement.chains}
            _add(needs, statement.kind, statement.issuer, statement.body, {one.subject for one in statement.chains})
        elif isinstance(submission, Act):
            needs.organisations |= {urn_of(one) for one in (submission.issuer, *submission.cosigners)}
            subjects = _subjects_of(submission)
            needs.subjects |= subjects
            _add(needs, submission.kind, urn_of(submission.issuer), submission.body, subjects)
    return needs


def _add(needs: Needs, kind: str, issuer: str, body: Body, subjects: set[str]) -> None:
    """What a statement changes beside its chains: keys and facilities, work in process, parts of lots."""
    corrected = kind_named(body, kind) if kind in _VERSIONS else kind
    if identifiers.is_urn(body.get("facility")):
        needs.facilities.add(str(body["facility"]))
    if kind_of(corrected).subjects is None:
        needs.exclusive |= subjects
    if corrected == "lot.transform" and (kind in _VERSIONS or "wip_change" in body):
        needs.exclusive.add(issuer)
    if kind in _VERSIONS and corrected in _CHANGES_ASSAYS:
        needs.divided |= subjects
    if kind in ("declaration.supersede", "declaration.refuse"):
        needs.subjects |= {one for one in (str(body.get("successor")),) if identifiers.is_urn(one)}


def kind_named(body: Body, kind: str) -> str:
    """The kind of the statement that a correction or void names; the kind itself where there is none."""
    row = _named(body, _VERSIONS[kind])
    return kind if row is None else row.kind


def _named(body: Body, field: str) -> StatementRow | None:
    named = body.get(field)
    if not isinstance(named, str) or not identifiers.is_digest(named):
        return None
    return StatementRow.objects.filter(digest=identifiers.digest_bytes(named)).first()


def _subjects_of(act: Act) -> set[str]:
    kind = kind_of(act.kind)
    if kind.subjects is not None:
        return {subject for subject in kind.subjects(act.body) if identifiers.is_urn(subject)}
    if act.kind not in _VERSIONS:
        return {urn_of(act.subject or act.issuer)}
    row = _named(act.body, _VERSIONS[act.kind])
    return set() if row is None else {urn_of(one) for one in row.links.values_list("subject", flat=True)}

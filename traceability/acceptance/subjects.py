"""Who may append to which chain, and what a statement may name (record-format.md section 2, Subjects)."""

from collections.abc import Mapping

from traceability.acceptance import declarations
from traceability.acceptance.errors import (
    FacilityNotYours,
    MissingReference,
    NotASuccessor,
    NotThatCertificate,
    NotYourSubject,
    OperatorFirst,
    RecipientIsHere,
    SubjectEnded,
    SubjectTaken,
    UnknownOrganisation,
    WrongChainRole,
)
from traceability.acceptance.versions import KINDS as VERSIONS
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Head, World
from traceability.ledger import keys
from traceability.ledger.custody import LotExists
from traceability.ledger.kinds.accounts import OPENS_ACCOUNT
from traceability.ledger.kinds.declarations import DECLARING
from traceability.ledger.kinds.lots import MAKING, OUTSIDE
from traceability.ledger.statement import Chain, Statement

ENDS_DECLARATION = frozenset({"declaration.withdraw", "declaration.supersede"})
_OPENS = frozenset(
    {
        "organisation.register", "organisation.attest", "statement.attest", "factors.publish", OPENS_ACCOUNT,
        *DECLARING,
    }
)  # fmt: skip
_ABOUT_ORGANISATION = frozenset({"facility.register", "facility.certificate"}) | keys.KEY_KINDS
_OF_LOTS = MAKING


def check_chain(statement: Statement, chain: Chain, head: Head | None, world: World) -> None:
    """Refuses a link that does not belong on the chain of this subject."""
    if chain.role == "output" or statement.kind in _OPENS:
        _check_free(chain.subject, head, world)
    elif statement.kind in _ABOUT_ORGANISATION:
        _check_organisation_chain(statement, chain, head)
    elif statement.kind in ENDS_DECLARATION:
        _check_declaration_chain(statement, head)
    elif statement.kind in declarations.KINDS:
        declarations.check(statement, world)
    elif statement.kind.startswith("account.") and chain.role == "subject":
        _check_account_chain(statement, head)
    elif statement.kind in VERSIONS and head is not None:
        role = "lot" if head.opened_by in _OF_LOTS else "subject"
        if chain.role != role:
            raise WrongChainRole(f"The role here is {role}.", path="/chains")


def _check_free(subject: str, head: Head | None, world: World) -> None:
    """A urn names one thing for ever: a lot, an organisation, a facility, an attestation or a declaration."""
    if head is not None and head.opened_by in _OF_LOTS:
        raise LotExists("A lot with this urn is in the record already. Use a new one.", path="/chains", lot=subject)
    if head is not None or world.facility(subject) is not None:
        raise SubjectTaken("This urn is in use already. Use a new one.", path="/chains", subject=subject)


def _check_organisation_chain(statement: Statement, chain: Chain, head: Head | None) -> None:
    if head is not None and head.opened_by != "organisation.register":
        raise NotYourSubject("This is not the chain of an organisation.", path="/chains")
    if statement.kind not in ("key.add", "key.revoke") and chain.subject != statement.issuer:
        raise NotYourSubject("An organisation speaks on its own chain.", path="/chains")


def _check_declaration_chain(statement: Statement, head: Head | None) -> None:
    if head is None or head.opened_by not in DECLARING or head.owner != statement.issuer:
        raise NotYourSubject("Only the declarant can withdraw or supersede a declaration.", path="/chains")
    if head.ended:
        raise SubjectEnded("This declaration was withdrawn or superseded already.", path="/chains")


def _check_account_chain(statement: Statement, head: Head | None) -> None:
    if head is None or head.opened_by != OPENS_ACCOUNT or head.owner != statement.issuer:
        raise NotYourSubject("Open the account first; it must be your own.", path="/body/account")


def check_named(statement: Statement, world: World) -> None:
    """Refuses a statement that names what is not there, or is not its issuer's to name."""
    match statement.kind:
        case "organisation.register":
            _check_operator_first(statement, world)
        case "organisation.attest":
            _check_registered(str(statement.body["organisation"]), "/body/organisation", world)
        case "facility.register":
            _check_new_facility(str(statement.body["facility"]), world)
        case "facility.certificate":
            _check_facility(statement.body["facility"], "/body/facility", statement, world)
            _check_renewed(statement, world)
        case "lot.dispatch":
            _check_recipient(statement.body["to"], world)
        case "statement.attest":
            _check_references(statement.body["statements"], "/body/statements", world)
        case "declaration.supersede":
            _check_successor(statement, world)
        case "declaration.submit":
            _check_registered(str(statement.body["to"]), "/body/to", world)
        case "declaration.verify" if "sampled" in statement.body:
            _check_references(statement.body["sampled"], "/body/sampled", world)
        case "statement.correct":
            _check_corrected_facility(statement, world)
        case _:
            _check_facility(statement.body.get("facility"), "/body/facility", statement, world)


def _check_operator_first(statement: Statement, world: World) -> None:
    """Leaf 0 is the register of the operator (section 7)."""
    operator = world.operator
    if statement.issuer != operator and world.sees(operator) and world.ring(operator) is None:
        raise OperatorFirst("The operator of the log registers first.", path="/issuer")


def _check_registered(organisation: str, path: str, world: World) -> None:
    if world.sees(organisation) and world.ring(organisation) is None:
        raise UnknownOrganisation("There is no such organisation in this log.", path=path)


def _check_new_facility(facility: str, world: World) -> None:
    if world.facility(facility) is not None or world.head(facility) is not None:
        raise SubjectTaken("This urn is in use already. Use a new one.", path="/body/facility")


def _check_recipient(to: object, world: World) -> None:
    """`to` is an organisation of this log, one of another log, or outside the record."""
    if isinstance(to, dict):
        if to["origin"] == world.origin:
            raise RecipientIsHere("This is the origin of this log. Name the organisation alone.", path="/body/to")
    elif to != OUTSIDE:
        _check_registered(str(to), "/body/to", world)


def _check_references(named: object, path: str, world: World) -> None:
    for number, digest in enumerate(named if isinstance(named, list) else []):
        if not world.knows(str(digest)):
            raise MissingReference("There is no such statement in this log.", path=f"{path}/{number}")


def _check_successor(statement: Statement, world: World) -> None:
    """The successor is a declaration of the same declarant that still stands."""
    successor = str(statement.body["successor"])
    head = world.head(successor)
    if not world.sees(successor):
        return
    if head is None or head.opened_by not in DECLARING or head.owner != statement.issuer or head.ended:
        raise NotASuccessor("Name a declaration of your own that still stands.", path="/body/successor")


def _check_facility(named: object, path: str, statement: Statement, world: World) -> None:
    """Facilities that a statement names stand on its issuer's chain before it (section 5)."""
    if not isinstance(named, str):
        return
    known = world.facility(named)
    if known is None or known.withdrawn or known.organisation != statement.issuer:
        raise FacilityNotYours("Register this facility first; it must be your own.", path=path)


def _check_renewed(statement: Statement, world: World) -> None:
    """A certificate takes the place of an earlier one of the same facility."""
    if "renews" not in statement.body:
        return
    before = world.effective(str(statement.body["renews"]))
    if (
        before is None
        or before.withdrawn
        or before.original.kind != "facility.certificate"
        or before.original.issuer != statement.issuer
        or before.body["facility"] != statement.body["facility"]
    ):
        raise NotThatCertificate("Name a certificate of this facility that was not withdrawn.", path="/body/renews")


def _check_corrected_facility(statement: Statement, world: World) -> None:
    """A correction names another facility under the same rule; what it does not change may be closed meanwhile."""
    before = world.effective(str(statement.body["replaces"]))
    claimed: Mapping[str, object] = corrected_body(statement.body)
    if before is not None and claimed.get("facility") != before.body.get("facility"):
        _check_facility(claimed.get("facility"), "/body/as/body/facility", statement, world)

"""Why a statement is not accepted: one class per cause, beside those of the ledger and of matter."""

from traceability.ledger.errors import RecordError


class NotAccepted(RecordError):
    code = "not_accepted"


class HeadMoved(NotAccepted):
    code = "head_moved"


class ForeignLog(NotAccepted):
    code = "foreign_log"


class NotRegistered(NotAccepted):
    code = "not_registered"


class SubjectTaken(NotAccepted):
    code = "subject_taken"


class NotYourSubject(NotAccepted):
    code = "not_your_subject"


class SubjectEnded(NotAccepted):
    code = "subject_ended"


class WrongChainRole(NotAccepted):
    code = "wrong_chain_role"


class FacilityNotYours(NotAccepted):
    code = "facility_not_yours"


class UsedBeforeMade(NotAccepted):
    code = "used_before_made"


class AssayedBeforeMade(NotAccepted):
    code = "assayed_before_made"


class MissingReference(NotAccepted):
    code = "missing_reference"


class OriginalWithdrawn(NotAccepted):
    code = "original_withdrawn"


class NotNewestVersion(NotAccepted):
    code = "not_newest_version"


class KindNotCorrectable(NotAccepted):
    code = "kind_not_correctable"


class KindNotVoidable(NotAccepted):
    code = "kind_not_voidable"


class NeverChanged(NotAccepted):
    code = "never_changed"


class HeadsPassNoQueue(NotAccepted):
    code = "heads_pass_no_queue"


class DisclosureRequired(NotAccepted):
    code = "disclosure_required"


class AssayBeforeSplit(NotAccepted):
    code = "assay_before_split"


class AssayInUse(NotAccepted):
    code = "assay_in_use"


class DrawLowered(NotAccepted):
    code = "draw_lowered"


class GivenTwice(NotAccepted):
    code = "given_twice"


class OperatorFirst(NotAccepted):
    code = "operator_first"


class UnknownOrganisation(NotAccepted):
    code = "unknown_organisation"


class RecipientIsHere(NotAccepted):
    code = "recipient_is_here"


class NotASuccessor(NotAccepted):
    code = "not_a_successor"


class NotIndependent(NotAccepted):
    """A declaration that is submitted to the one who declares it."""

    code = "not_independent"


class NotSubmitted(NotAccepted):
    """An answer to what was not asked, or asked of somebody else."""

    code = "not_submitted"


class NotVerified(NotAccepted):
    """A registration of what nobody verified."""

    code = "not_verified"


class AnotherVersion(NotAccepted):
    """A verification or registration that names other bytes than those of the declaration."""

    code = "another_version"


class WrongValidity(NotAccepted):
    """Days that cannot be: over before they begin, or longer than a verification may hold."""

    code = "wrong_validity"


class ImportRefused(NotAccepted):
    """An import that is not what the bundle of the other log proves."""

    code = "import_refused"


class BundleNotVerified(NotAccepted):
    """An import whose bundle was not verified here."""

    code = "bundle_not_verified"


class NotThatCertificate(NotAccepted):
    code = "not_that_certificate"


class AccountRefused(NotAccepted):
    """An entry that its account is not about."""

    code = "account_refused"


class CreditedTwice(NotAccepted):
    code = "credited_twice"


class ClaimedTwice(NotAccepted):
    code = "claimed_twice"


class ModelRaised(NotAccepted):
    code = "model_raised"


class ShareNotShown(NotAccepted):
    code = "share_not_shown"


class ValueErased(NotAccepted):
    code = "value_erased"


class ValueWithheld(RecordError):
    """A rule needs a value that is withheld here: it is not established, and nothing is refused."""

    code = "value_withheld"

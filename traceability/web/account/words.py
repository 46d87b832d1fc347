"""Roles and standings in plain words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.models import ApiToken, Membership, Organisation

Words = str | Promise
Role, Standing, Scope = Membership.Role, Organisation.Standing, ApiToken.Scope

ORGANISATION_ROLES: Final[Mapping[str, Words]] = {
    "supplier": _("Supplier: we mine, separate, make, recycle or trade"),
    "buyer": _("Buyer: we use what others make"),
    "auditor": _("Auditor: we look on a mandate"),
    "verifier": _("Verifier: we verify declarations"),
    "laboratory": _("Laboratory: we make assays"),
    "operator": _("Operator of this log"),
    "programme_operator": _("Programme operator: we publish declarations of others"),
}
ROLES: Final[Mapping[str, tuple[Words, Words]]] = {
    Role.ADMIN: (_("Admin"), _("Does everything, and manages colleagues, tokens and mandates")),
    Role.APPROVER: (_("Approver"), _("Records and signs, also what submitters send for approval")),
    Role.SUBMITTER: (_("Submitter"), _("Records and signs")),
    Role.VIEWER: (_("Viewer"), _("Reads")),
}
SCOPES: Final[Mapping[str, Words]] = {
    Scope.READ: _("Read what your organisation may read"),
    Scope.SUBMIT: _("Record and sign for your organisation"),
    Scope.MEMBERS: _("Read the e-mail addresses of members"),
}
"""What a program may do with a token of each scope."""
STANDINGS: Final[Mapping[str, tuple[str, str, Words]]] = {
    Standing.WAITING: ("warn", "clock", _("Waiting for the operator's word")),
    Standing.ACTIVE: ("info", "pass", _("Active")),
    Standing.REFUSED: ("fail", "fail", _("Not vouched for")),
    Standing.SUSPENDED: ("fail", "stop", _("Suspended")),
    Standing.CLOSED: ("na", "na", _("Closed")),
}
"""Outcome, icon and word of each standing."""


def role(key: str) -> Words:
    """The role of a person."""
    return ROLES[key][0] if key in ROLES else key

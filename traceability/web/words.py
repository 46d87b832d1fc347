"""The record's own words in plain ones: stages, origins, states, kinds of statement, groups of values."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from traceability.ledger import groups
from traceability.ledger.kinds.accounts import RARE_EARTHS
from traceability.material.elements import element_name
from traceability.rules.hs_codes import HS_CODES
from traceability.selectors.choice_words import BASES as BASES
from traceability.selectors.choice_words import CLASSES, CUSTODY_MODELS, MODES, ORIGINS, ROLES
from traceability.selectors.choice_words import COMPARTMENTS as COMPARTMENTS
from traceability.selectors.choice_words import STAGES as STAGES
from traceability.selectors.choice_words import Words as Words
from traceability.selectors.stock import State
from traceability.web.spoken import spoken

ORGANISATION_ROLES: Final[Mapping[str, Words]] = {
    "supplier": _("Supplier"), "buyer": _("Buyer"), "auditor": _("Auditor"), "verifier": _("Verifier"),
    "laboratory": _("Laboratory"), "operator": _("Operator"), "programme_operator": _("Programme operator"),
}  # fmt: skip
STATES: Final[Mapping[State, tuple[str, str, Words]]] = {
    State.INCOMING: ("na", "truck", _("On the way to you")),
    State.ON_HAND: ("info", "box", _("On hand")),
    State.ON_HOLD: ("warn", "stop", _("On hold")),
    State.BLOCKED: ("fail", "fail", _("Open difference")),
    State.OUTGOING: ("na", "truck", _("On its way out")),
    State.LEFT: ("na", "truck", _("Left the record")),
    State.USED_UP: ("na", "box", _("Used up")),
    State.DELIVERED: ("na", "user", _("Delivered")),
    State.VOID: ("na", "na", _("Void")),
}
"""Outcome, icon and word of each state."""
KINDS: Final[Mapping[str, Words]] = {
    "organisation.register": _("Organisation registered"), "organisation.attest": _("Organisation vouched for"),
    "facility.register": _("Facility registered"), "facility.certificate": _("Certificate of a facility"),
    "key.add": _("Key added"), "key.rotate": _("Key replaced"),
    "key.revoke": _("Key revoked"), "lot.source": _("Source lot"), "lot.import": _("Lot of another record"),
    "lot.transform": _("Step"),
    "lot.assay": _("Assay"), "lot.result": _("Environmental result"), "lot.dispatch": _("Dispatch"),
    "lot.dispatch_cancel": _("Dispatch cancelled"), "lot.receive": pgettext_lazy("goods", "Receipt"),
    "lot.reject": _("Rejection"),
    "lot.settle": _("Difference settled"), "lot.adjust": _("Stock adjusted"), "lot.dispose": _("Disposal"),
    "lot.hold": _("Put on hold"), "lot.release": _("Released from hold"), "lot.recall": _("Recall"),
    "account.open": _("Claims account opened"), "account.credit": _("Credited to a claims account"),
    "account.claim": _("Claimed from an account"), "account.expire": _("Credit given up"),
    "statement.correct": _("Correction"), "statement.void": _("Declared void"), "statement.attest": _("Attestation"),
    "declaration.publish": _("Declaration published"),
    "declaration.reference": _("Reference declaration published"), "declaration.withdraw": _("Declaration withdrawn"),
    "declaration.supersede": _("Declaration superseded"), "declaration.submit": _("Declaration submitted"),
    "declaration.verify": _("Declaration verified"), "declaration.refuse": _("Declaration refused"),
    "declaration.register": _("Declaration registered"), "factors.publish": _("Factor set published"),
}  # fmt: skip
GROUPS: Final[Mapping[str, Words]] = {
    groups.NAMES: _("Names and numbers"), groups.MASS: _("Masses"), groups.ASSAY: _("Assay"),
    groups.INVENTORY: _("Losses, energy, reagents, emissions, transport"), groups.PRICES: _("Prices"),
    groups.RESULT: _("Results"), groups.CAUSES: _("Causes and sources of results"), groups.EVIDENCE: _("Documents"),
}  # fmt: skip
READERS: Final[Mapping[str, Words]] = {
    "anybody": _("Anybody"), "customer": _("The buyer of the lot, and an auditor with your mandate"),
    "auditor": _("An auditor with your mandate"), "nobody": _("Nobody but you"),
}  # fmt: skip
"""Who reads a value under each rule."""


ACCOUNT_MODELS: Final[Mapping[str, Words]] = {
    "mass_balance": _("Mass balance"), "book_and_claim": _("Book and claim"),
}  # fmt: skip
ACCOUNT_METHODS: Final[Mapping[str, Words]] = {
    "credit": _("Credits"), "rolling_average": _("Rolling average"),
}  # fmt: skip


def organisation_role(key: str) -> Words:
    return ORGANISATION_ROLES.get(key, key)


def stage(key: str) -> Words:
    return STAGES.get(key, key)


def origin(key: str) -> Words:
    return ORIGINS.get(key, key)


def output_class(key: str) -> Words:
    return CLASSES.get(key, key)


def custody_model(key: str) -> Words:
    return CUSTODY_MODELS.get(key, key)


def counted(symbol: str) -> str:
    """What a claims account counts."""
    return str(_("All rare earths")) if symbol == RARE_EARTHS else element(symbol)


def mode(key: str) -> Words:
    return MODES.get(key, key)


def basis(key: str) -> Words:
    return BASES.get(key, key)


def compartment(key: str) -> Words:
    return COMPARTMENTS.get(key, key)


def role(key: str) -> Words:
    return ROLES.get(key, key)


def element(symbol: str) -> str:
    """The name of an element."""
    return spoken(element_name(symbol))


def inside(text: Words) -> str:
    """Words of a heading inside a sentence; English alone writes them small there."""
    said = str(text)
    return said.lower() if get_language() == "en" else said


def kind(name: str) -> Words:
    """What a kind of statement is called."""
    return KINDS.get(name, name)


def kinds_called(word: str) -> list[str]:
    """The kinds of statements in whose name a word stands."""
    return [name for name, called in KINDS.items() if word.casefold() in str(called).casefold()]


def hs_codes() -> list[tuple[str, str]]:
    """The HS codes of rare-earth goods, each with what it means in short."""
    return [(code, f"{code}, {spoken(words)}") for code, words in HS_CODES.items()]

"""What is asked about claims accounts (ISO 22095): opening one, crediting what came in, claiming of what goes out."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from traceability.ledger.kinds.accounts import CLAIMED_SOURCES
from traceability.selectors.stock import State
from traceability.web import words
from traceability.web.forms import questions as q
from traceability.web.forms.parts import Group, Leaf, Part

_ON_HAND: Final = (State.ON_HAND, State.ON_HOLD)
_ACCOUNT: Final = Leaf("account", _("Account"), "choice", choices=lambda offers: offers.claims_accounts, empty=q.CHOOSE)
_CONTENT: Final = Leaf("content_kg", _("What the lot holds of it"), "figure", required=False, units=q.MASSES,
                       help=_("Filled in by the assay in force when you go on."))  # fmt: skip

OPEN: Final[tuple[Part, ...]] = (
    Leaf("name", _("Name"), help=_("For example recycled neodymium, plant 2. It stays confidential."), required=False),
    Leaf("model", _("Model"), "choice", choices=lambda offers: list(words.ACCOUNT_MODELS.items())),
    Leaf("method", _("Method"), "choice", choices=lambda offers: list(words.ACCOUNT_METHODS.items()),
         help=_("Book and claim works with credits.")),
    Leaf("facility", _("Site"), "choice", required=False, choices=lambda offers: offers.facilities,
         empty=_("All sites")),
    Leaf("element", _("What it counts"), "choice", choices=lambda offers: offers.counted),
    Group("characteristic", (
        Leaf("source", _("With which characteristic"), "choice",
             choices=lambda offers: [(one, words.origin(one)) for one in CLAIMED_SOURCES]),
        Leaf("country", _("Mined where"), "choice", required=False, choices=lambda offers: offers.countries,
             empty=_("Wherever")),
    )),
    Leaf("materials_in", _("Materials that come in"), "long", _("As on your lots, with commas between them")),
    Leaf("materials_out", _("Materials that go out"), "long", _("As on your lots, with commas between them")),
    Leaf("conversion_factor", _("Conversion factor"), "figure",
         _("kg of it in the products for each kg that came in, 0 to 1: the yield that you can document")),
    Leaf("period_months", _("Period in months"), "figure", _("1 to 12: how long a credit counts, or the window of the "
         "rolling average"), default="12"),
    *q.WHEN,
)  # fmt: skip
CREDIT: Final[tuple[Part, ...]] = (
    _ACCOUNT,
    q.lot_in(*_ON_HAND),
    _CONTENT,
    Leaf("share", _("Share of it with the characteristic"), "figure", required=False,
         help=_("0 to 1. Filled in by the origin, the signed result or the claim of your supplier.")),
    Leaf("result", _("Signed result that states it"), required=False, help=_("Filled in; its digest.")),
    Leaf("claim", _("Claim of your supplier"), required=False, help=_("Filled in; its digest.")),
    Leaf("amount_kg", _("Credited"), "figure", required=False, units=q.MASSES,
         help=_("Left empty it is the most that there is: content × share × conversion factor.")),
    *q.WHEN,
)  # fmt: skip
CLAIM: Final[tuple[Part, ...]] = (
    _ACCOUNT,
    Leaf("lot", _("Lot that goes out with the claim"), "choice", required=False,
         choices=lambda offers: offers.lots(*_ON_HAND), empty=_("None: book and claim")),
    _CONTENT,
    Leaf("amount_kg", _("Claimed"), "figure", units=q.MASSES,
         help=_("Of what the account counts; no more than the account has and the lot holds.")),
    Leaf("claimant", _("Who claims it"), help=_("For book and claim. It stays confidential."), required=False),
    *q.WHEN,
)  # fmt: skip
GIVE_UP: Final[tuple[Part, ...]] = (
    _ACCOUNT,
    Leaf("credit", _("Credit"), "choice", choices=lambda offers: offers.credits, empty=q.CHOOSE),
    Leaf("amount_kg", _("Given up"), "figure", units=q.MASSES),
    q.reason(),
    *q.WHEN,
)

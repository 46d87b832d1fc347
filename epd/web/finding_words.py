"""What stands before the values of a finding; codes of indicators stand for themselves."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from traceability.web.words import Words

VALUES: Final[Mapping[str, Words]] = {
    "amount": _("amount"),
    "before": _("before"),
    "change": _("change"),
    "declared unit": _("declared unit"),
    "difference": _("difference"),
    "expected": _("expected"),
    "factor": _("factor"),
    "is also": _("is also"),
    "its package": _("its package"),
    "kg per MJ": "kg/MJ",
    "least": _("at least"),
    "method": _("method"),
    "missing": _("missing"),
    "months": _("months"),
    "most": _("at most"),
    "not in": _("not in"),
    "now": _("now"),
    "of": _("materials of"),
    "package": _("package"),
    "published": _("published"),
    "released": _("released"),
    "rules": _("rules"),
    "stated": _("stated"),
    "sum": _("sum"),
    "taken up": _("taken up"),
    "upstream": _("upstream"),
    "used": _("used"),
    "uuid": "UUID",
    "valid until": _("valid until"),
    "value": _("value"),
    "verifier": _("verifier"),
    "written": _("written"),
}

"""Declarations beside the lists of programmes, with what the operator of this server entered of them."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from epd.documents.document import Document
from epd.documents.fulfilment import Fulfilment, fulfilment
from epd.documents.own import CODES
from epd.documents.programmes import Programme, ProgrammeUnreadable, all_programmes
from epd.lca.indicators import Basis
from epd.rules.declared import Cell

NOT_COMPUTED: Final = "not_computed"
"""Why an indicator is not declared that our method does not have; else it is a reason of a result."""


@cache
def known() -> tuple[Programme, ...]:
    """Every programme; a file of the operator that cannot be read ends the start with a sentence."""
    file = settings.LODESTONE_PROGRAMMES
    try:
        return all_programmes(json.loads(Path(file).read_text(encoding="utf-8")) if file else None)
    except ProgrammeUnreadable as error:
        raise ImproperlyConfigured(f"LODESTONE_PROGRAMMES, {error.path or '/'}: {error.sentence}") from None
    except (OSError, ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"LODESTONE_PROGRAMMES names {file}, which is no readable JSON: {error}.") from None


def beside(document: Document, cells: Iterable[Cell], basis: Basis) -> tuple[Fulfilment, ...]:
    """What a declaration of ours states of what each programme asks for, on one basis."""
    reasons = dict.fromkeys((one.code for one in document.results if not one.values()), NOT_COMPUTED)
    reasons |= {CODES[one.indicator]: one.reasons[0].value for one in cells if one.basis is basis and one.reasons}
    return tuple(fulfilment(document, one, reasons) for one in known())

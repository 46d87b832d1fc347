"""After an update whose code writes other rows of the same signed bytes, `migrate` makes the index anew by itself."""

import logging
from collections.abc import Sequence
from typing import Any

from django.apps.registry import Apps

from traceability.models.log import INDEX_VERSION, LogState
from traceability.services.index_check import check_index

log = logging.getLogger("lodestone.index")


def after_migrate(*, apps: Apps, plan: Sequence[tuple[Any, bool]], **_sent: object) -> None:
    """Heard from Django after each `migrate`; does nothing where nothing was applied, or not all of it."""
    state = apps.all_models["traceability"].get("logstate")
    fields = {} if state is None else {one.name: one for one in state._meta.fields}
    is_newest = "index_version" in fields and fields["index_version"].default == INDEX_VERSION
    if plan and is_newest and not any(backwards for _migration, backwards in plan):
        catch_up()


def catch_up() -> int | None:
    """The number of rows that were made anew; None where nothing was to be looked at."""
    stale = LogState.objects.filter(index_version__lt=INDEX_VERSION)
    if not stale.exists():
        return None
    log.info("The index is made anew from the signed bytes. This takes a while on a long record.")
    mended = sum(1 for _difference in check_index(write=True))
    stale.update(index_version=INDEX_VERSION)
    log.info("The index is made anew.", extra={"fields": {"rows": mended}})
    return mended

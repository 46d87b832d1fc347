"""The top of the house: fills the slots that lower rooms offer, because only here may everything be imported.

`traceability` never imports `epd`, and neither imports `config`; where one has to show something of the other it offers
a named slot, and `wire` puts the function in when the program starts.
"""

from django.apps import AppConfig, apps
from django.conf import settings


class WiringConfig(AppConfig):
    """Calls `wire` once all applications are loaded; stands last in INSTALLED_APPS."""

    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        wire()


def wire() -> None:
    """Fills every slot."""
    from epd.models import Declaration
    from epd.selectors import bundle, factor_choices, share_tables
    from epd.selectors.verification import taken_out
    from epd.services import declarations, exchange, programmes, references, results, review, verification
    from epd.verifier.checks import ALL_CHECKS
    from epd.web import crate_views, links, verifying_words
    from epd.web.pdf import printed
    from traceability.selectors import slots as told
    from traceability.services import (
        acceptance,
        foreign_bundles,
        index_check,
        ledger_check,
        log_queue,
        notices,
        reading_log,
    )
    from traceability.services import slots as offered
    from traceability.web import codes

    programmes.known()
    wire_outbox()

    if not settings.EMBEDDED:
        # The integrator's own worker comes by every second; no request has to wait for it, or for Redis.
        log_queue.nudge_by(lambda: None)
    acceptance.CHECKS.update(
        {
            "lot.result": results.check_result,
            "declaration.publish": declarations.check_publication,
            "declaration.reference": references.check_reference,
            "declaration.submit": review.check_submission,
            "declaration.register": verification.check_registration,
        }
    )
    acceptance.STORES.update(
        {
            "lot.import": foreign_bundles.keep_document,
            "lot.result": results.store_result,
            "statement.correct": results.store_correction,
            "declaration.publish": declarations.store_publication,
            "declaration.reference": references.store_reference,
            "declaration.withdraw": declarations.store_end,
            "declaration.supersede": declarations.store_end,
            **verification.STORES,
        }
    )
    acceptance.FOLLOWERS[:] = [notices.note]
    if index_check.check_beside not in ledger_check.CHECKS:
        ledger_check.CHECKS.append(index_check.check_beside)
    wire_index()
    told.SLOTS.declarations = links.of_lots
    told.SLOTS.declaration_links = links.by_id
    told.SLOTS.declaration_link = links.link
    told.SLOTS.all_declarations = Declaration.objects.all
    told.SLOTS.declaration_by_reference = links.by_reference
    told.SLOTS.own_declarations = links.in_force_of
    told.SLOTS.note_reading = reading_log.note
    told.SLOTS.factors = factor_choices.newest
    told.SLOTS.label_file = crate_views.drawn_label
    told.SLOTS.declarations_in_bundle = bundle.declarations
    told.SLOTS.factors_in_bundle = bundle.factors
    told.SLOTS.tables_in_bundle = share_tables.in_bundle
    told.SLOTS.lots_without_result = results.lots_without_result
    exchange.SLOTS.pdf = printed.write
    offered.SLOTS.publish_result = results.publish_result
    offered.SLOTS.checks_of_bundles = lambda: ALL_CHECKS
    offered.SLOTS.taken_out = taken_out
    codes.BY_FIELD.update(verifying_words.BY_FIELD)


def wire_index() -> None:
    """Fills the slots of the check of the index: which rows of results and declarations follow from signed bytes."""
    from django.db.models.signals import post_migrate

    from epd import models
    from epd.services import declarations, index, references, results, verification
    from traceability.services import index_check, index_upgrade

    post_migrate.connect(index_upgrade.after_migrate, sender=apps.get_app_config("epd"), dispatch_uid="index")

    index_check.STORES.update(
        {
            "lot.result": results.store_row,
            "declaration.publish": declarations.store_publication,
            "declaration.reference": references.store_reference,
            "declaration.withdraw": declarations.store_end,
            "declaration.supersede": declarations.store_end,
            **verification.STORES,
        }
    )
    index_check.MORE_TABLES[:] = [
        index_check.Indexed(models.LotResultRow, ("statement_id",)),
        index_check.Indexed(models.Declaration, ("id",)),
    ]
    index_check.LOOKS.update(
        {
            "lot.result": [index.look_at_tables],
            "statement.correct": [index.look_at_tables],
            "factors.publish": [index.look_at_factors],
        }
    )


def wire_outbox() -> None:
    """Fills the slots of the outbox: what does a task, what drains it, what wakes it."""
    from traceability import tasks
    from traceability.services import (
        epcis_subscriptions,
        notice_mail,
        notices,
        outbox,
        publisher,
        webhook_sending,
        webhooks,
        witnesses,
    )

    outbox.HANDLERS.update(
        {
            notices.TASK: notices.tell_of_statements,
            notices.MAIL_TASK: notice_mail.send_one,
            notice_mail.DIGEST_TASK: notice_mail.send_digest,
            webhooks.TASK: webhook_sending.deliver,
            epcis_subscriptions.TASK: epcis_subscriptions.deliver,
            witnesses.TASK: witnesses.ask,
        }
    )
    publisher.FOLLOWERS[:] = [witnesses.queue]
    tasks.OUTBOX[:] = [notice_mail.queue_digests, outbox.drain, outbox.purge]
    if settings.EMBEDDED:
        # Whom it concerns is known at once; mails and webhooks, which may take long, wait for the clock.
        outbox.nudge_by(_tell)


def _tell() -> int:
    from traceability.services import notices, outbox

    return outbox.drain(names=(notices.TASK,), seconds=2)

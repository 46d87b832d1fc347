"""Addresses of the API of the record, under /api/v1/."""

from django.urls import path, register_converter

from traceability.api import asking, bundles, lots, notices, organisations, public, search, statements, webhooks


class DigestConverter:
    """`sha256:` and 64 lower-case hexadecimal digits."""

    regex = "sha256:[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")

urlpatterns = [
    path("statements", statements.Statements.as_view(), name="api-statements"),
    path("statements/batch", statements.StatementBatch.as_view(), name="api-statement-batch"),
    path("statements/<digest:digest>", statements.StatementBytes.as_view(), name="api-statement"),
    path(
        "statements/<digest:digest>/disclosures",
        statements.StatementDisclosures.as_view(),
        name="api-statement-disclosures",
    ),
    path("statements/<digest:digest>/receipt", statements.StatementReceipt.as_view(), name="api-statement-receipt"),
    path("lots", lots.Lots.as_view(), name="api-lots"),
    path("lots/<uuid:lot>", lots.LotDetail.as_view(), name="api-lot"),
    path("lots/<uuid:lot>/statements", lots.LotStatements.as_view(), name="api-lot-statements"),
    path("lots/<uuid:lot>/lineage", lots.LotLineage.as_view(), name="api-lot-lineage"),
    path("lots/<uuid:lot>/bundle", bundles.LotBundle.as_view(), name="api-lot-bundle"),
    path("bundles", bundles.Bundles.as_view(), name="api-bundles"),
    path("bundles/<uuid:bundle>", bundles.OneBundle.as_view(), name="api-bundle"),
    path("bundles/<uuid:bundle>/file", bundles.BundleFile.as_view(), name="api-bundle-file"),
    path("organisations/me", organisations.MyOrganisation.as_view(), name="api-organisation"),
    path("facilities", organisations.Facilities.as_view(), name="api-facilities"),
    path("keys", organisations.Keys.as_view(), name="api-keys"),
    path("mandates", organisations.Mandates.as_view(), name="api-mandates"),
    path("members", organisations.Members.as_view(), name="api-members"),
    path("invitations", organisations.Invitations.as_view(), name="api-invitations"),
    path("invitations/<uuid:invitation>", organisations.OneInvitation.as_view(), name="api-invitation"),
    path("tokens", organisations.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:token>", organisations.Token.as_view(), name="api-token"),
    path("notices", notices.Notices.as_view(), name="api-notices"),
    path("notices/<uuid:notice>/read", notices.NoticeRead.as_view(), name="api-notice-read"),
    path("watches", notices.Watches.as_view(), name="api-watches"),
    path("watches/<uuid:watch>", notices.OneWatch.as_view(), name="api-watch"),
    path("audit", notices.Audit.as_view(), name="api-audit"),
    path("webhooks", webhooks.Webhooks.as_view(), name="api-webhooks"),
    path("webhooks/key", webhooks.WebhookKey.as_view(), name="api-webhook-key"),
    path("webhooks/<uuid:webhook>", webhooks.OneWebhook.as_view(), name="api-webhook"),
    path("webhooks/<uuid:webhook>/test", webhooks.WebhookTest.as_view(), name="api-webhook-test"),
    path("webhooks/<uuid:webhook>/deliveries", webhooks.Deliveries.as_view(), name="api-webhook-deliveries"),
    path(
        "webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/again",
        webhooks.Redelivery.as_view(),
        name="api-webhook-redelivery",
    ),
    path("requests", asking.Requests.as_view(), name="api-requests"),
    path("requests/<uuid:request_id>", asking.OneRequest.as_view(), name="api-request"),
    path("requests/<uuid:request_id>/answer", asking.Answer.as_view(), name="api-request-answer"),
    path("requests/<uuid:request_id>/decline", asking.Decline.as_view(), name="api-request-decline"),
    path("search", search.Search.as_view(), name="api-search"),
    path("log", public.LogHealth.as_view(), name="api-log"),
    path("problems", public.ProblemTypes.as_view(), name="api-problems"),
    path("problems/<slug:code>", public.ProblemType.as_view(), name="api-problem"),
    path("openapi.yaml", public.Description.as_view(), name="api-description"),
]

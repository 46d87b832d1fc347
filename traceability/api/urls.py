"""Addresses of the API of the record, under /api/v1/."""

from django.urls import path, register_converter

from traceability.api import (
    approvals,
    asking,
    auditing,
    bundles,
    drafts,
    evidence,
    lots,
    notices,
    organisations,
    public,
    search,
    statements,
    templates,
    webhooks,
)


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
    path("documents", evidence.Documents.as_view(), name="api-documents"),
    path("documents/<digest:digest>", evidence.DocumentFile.as_view(), name="api-document"),
    path("drafts", drafts.Drafts.as_view(), name="api-drafts"),
    path("drafts/<uuid:draft>", drafts.OneDraft.as_view(), name="api-draft"),
    path("drafts/<uuid:draft>/sign", drafts.DraftSignature.as_view(), name="api-draft-sign"),
    path("drafts/<uuid:draft>/approval", drafts.DraftApproval.as_view(), name="api-draft-approval"),
    path("drafts/<uuid:draft>/proposal", drafts.DraftProposal.as_view(), name="api-draft-proposal"),
    path("templates", templates.Templates.as_view(), name="api-templates"),
    path("templates/<uuid:template>", templates.OneTemplate.as_view(), name="api-template"),
    path("approvals", approvals.Approvals.as_view(), name="api-approvals"),
    path("approvals/<uuid:approval>/sign", approvals.Approve.as_view(), name="api-approve"),
    path("approvals/<uuid:approval>/send-back", approvals.SendBack.as_view(), name="api-send-back"),
    path("proposals", approvals.Proposals.as_view(), name="api-proposals"),
    path("proposals/<uuid:proposal>/agree", approvals.Agree.as_view(), name="api-proposal-agree"),
    path("proposals/<uuid:proposal>/decline", approvals.DeclineProposal.as_view(), name="api-proposal-decline"),
    path("samples", auditing.Samples.as_view(), name="api-samples"),
    path("notes", auditing.Notes.as_view(), name="api-notes"),
    path("notes/<uuid:note>", auditing.OneNote.as_view(), name="api-note"),
    path("organisations/me/export", organisations.AllData.as_view(), name="api-all-data"),
    path("organisations/me/approval", approvals.OrganisationRule.as_view(), name="api-approval-rule"),
    path("organisations/me", organisations.MyOrganisation.as_view(), name="api-organisation"),
    path("facilities", organisations.Facilities.as_view(), name="api-facilities"),
    path("partners", organisations.Partners.as_view(), name="api-partners"),
    path("keys", organisations.Keys.as_view(), name="api-keys"),
    path("mandates", organisations.Mandates.as_view(), name="api-mandates"),
    path("members", organisations.Members.as_view(), name="api-members"),
    path("members/<int:member_id>", organisations.OneMember.as_view(), name="api-member"),
    path("invitations", organisations.Invitations.as_view(), name="api-invitations"),
    path("invitations/<uuid:invitation>", organisations.OneInvitation.as_view(), name="api-invitation"),
    path("tokens", organisations.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:token>", organisations.Token.as_view(), name="api-token"),
    path("notices", notices.Notices.as_view(), name="api-notices"),
    path("notices/read", notices.AllNoticesRead.as_view(), name="api-notices-read"),
    path("notices/preferences", notices.Preferences.as_view(), name="api-notice-preferences"),
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

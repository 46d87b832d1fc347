"""Every route of the site with the class that says who may use it: a new route needs a line here.

Accounts and administration are allauth's and Django's own; their doors are asked in test_http.py and test_accounts.py.
"""

from collections.abc import Iterator

FOREIGN = ("accounts/", "admin/")

ANYBODY = """
healthz readyz favicon log-checkpoint log-keys log-tile log-proof log-heads log-consistency
api-log api-problems api-problem api-description api-declarations api-declaration api-declaration-statement
api-declaration-verify api-declaration-confidence api-declarations-compare api-bundle-check api-verify api-epd-check
api-declaration-file api-declaration-uncertainty declaration_file api-declaration-programmes api-declaration-history
declaration declaration_confidence
declaration_statement declaration_csv declaration_factors register compare crate digital_link resolver
language
check check_bundle check_epd bundle_report verifier_file verifier_page policy_file offline_verifier log
signer signer_file
api-rule-sets api-rule-set rule_sets
did_document status_list
overview join join_new terms algorithm how_it_works formats api_manual accessibility design
"""
"""Open to the world. The landing page and the list of declarations greet members in their own way."""

MEMBER = """
send_again search stock lineage incoming outgoing facilities partners record begin templates receipts declarations lots
reference_drafts declaration_runs api-declaration-runs
arrivals api-partial-arrivals verifications
requests request_product openings opening_rules mandate_give sampling audit_notes material_accounts material_behind
claims_accounts api-claims-accounts
exceptions api-exceptions
lots_rules api-lots-rules lots_compare api-lots-compare suppliers api-suppliers
imports countersign api-foreign-bundles api-countersignatures
bundle_jobs sheets sheet_template lab_sheets notices notices_read notice_preferences watches watch webhooks
webhook_key audit
organisation organisation_new product_numbers approval say_again first_days members invite invite_partner tokens
token_new keys numbers leaving export close_account
api-statements api-statement-batch api-lots api-organisation api-facilities api-keys api-holder-keys api-mandates
key_own api-keys-signed
api-tokens api-members
api-documents api-drafts api-templates api-approvals api-proposals api-samples api-notes
api-material-accounts api-material-movements api-approval-rule api-all-data
api-partners api-lineage api-notices-read api-notice-preferences
api-figures-approvals api-references api-application api-closing api-opening-rules api-product-numbers api-openings
api-bundles api-sheets api-sheet-template api-search
epcis epcis-capture epcis-events epcis-queries epcis-resources epcis-next-page-token
api-verifications api-requests api-invitations api-notices api-watches api-audit api-webhooks api-webhook-key
"""
"""For everybody who is signed in; each sees and changes what is his own."""

OWNER = """
act_for facility certify draft draft_check draft_discard draft_documents draft_section draft_preview draft_keep template
template_delete receipt receipt_keep receipt_proof correct void
lot_rules api-lot-rules claims_account api-claims-account api-lot-claims supplier api-supplier
lot_result proposal document lab_sheet lot lot_bundle lot_trust figures declare label label_file label_pdf
product_number_end
declaration_withdraw declaration_supersede declaration_submit declaration_bundle verification reference_draft
reference_discard lot_recall lot_origin lot_whereabouts
request request_declaration request_opening opening_close mandate_end
api-foreign-bundle api-foreign-verify api-import api-import-reply
sheet sheet_discard import import_file countersigned arrival api-partial-arrival api-partial-arrival-dispatch
bundle_job bundle_job_cancel bundle_job_file audit_note_write audit_note_done audit_note_remove
statement statement_envelope statement_payload statement_proof
notice watch_stop webhook webhook_remove webhook_test webhook_redeliver
member_role member_remove token_revoke key_replace key_revoke invitation_resend invitation_withdraw
epcis-capture-job epcis-event epcis-query epcis-query-events epcis-subscriptions epcis-subscription
epcis-resource epcis-resource-events
api-statement api-statement-disclosures api-statement-receipt api-lot api-lot-statements api-lot-lineage api-lot-bundle
api-sheet api-sheet-findings api-sheet-cells api-sheet-sign api-sheet-receipts api-sheet-approval
api-sheet-send-back
api-bundle api-bundle-file api-document api-document-lab api-draft api-draft-sign api-draft-approval api-draft-proposal
api-template
api-draft-to-sign api-draft-signed api-key-revocation-to-sign
api-key-replacement api-key-revocation api-product-number api-opening api-mandate api-invitation-resend
api-lot-label api-lot-label-svg api-lot-label-pdf api-lot-trust api-lot-recall api-lot-origin
api-lot-whereabouts api-lot-balance api-result-approval api-declare-approval api-declaration-approval
api-figures-approval api-figures-approve api-figures-send-back
api-approve api-send-back api-proposal-agree api-proposal-decline api-note api-member
api-lot-result api-token api-invitation api-notice-read api-watch api-webhook api-webhook-test api-webhook-deliveries
api-request api-request-answer api-request-decline
api-webhook-redelivery api-declaration-withdraw api-declaration-supersede
api-declaration-submission api-declaration-review api-declaration-remarks api-remark-done
api-declaration-verification api-declaration-refusal api-declaration-registration
declaration_run declaration_run_act api-declaration-run api-declaration-run-lots api-declaration-run-stop
api-declaration-run-retry
"""
"""Of one thing: its owner may, to another organisation it does not exist."""

OPERATOR = """
waiting tenants tenant vouch refuse suspend resume outbox outbox_again
api-operator-applicants api-operator-organisations api-operator-organisation api-operator-vouch api-operator-refuse
api-operator-suspension api-operator-log api-operator-tasks api-operator-failures api-operator-mail
api-operator-mail-again api-operator-outbox api-operator-outbox-again api-operator-keys
operator_log operator_jobs operator_mail operator_mail_again operator_keys operator_records operator_record_revoke
api-operator-records api-operator-record-revoke
"""
"""For the operator of the instance; to everybody else it does not exist."""


def classes() -> dict[str, str]:
    """The class of each named route."""
    table = {"anybody": ANYBODY, "member": MEMBER, "owner": OWNER, "operator": OPERATOR}
    return {name: title for title, names in table.items() for name in names.split()}


def routes() -> Iterator[str]:
    """The name of each route that is ours, from the resolver itself."""
    from django.urls import URLResolver, get_resolver

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            place = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, place)
            elif not place.startswith(FOREIGN):
                yield one.name or place

    yield from walk(get_resolver(), "")

"""Addresses of lots, their bundles, statements, the log, and the pages of documentation."""

from django.urls import path, re_path

from traceability.web import bundle_job_views, docs_views, log_views, lot_compare, lot_views, rule_views, supplier_views

STATEMENT = r"^statements/(?P<digest>[0-9a-f]{64})"

urlpatterns = [
    path("lots/", lot_views.lot_list, name="lots"),
    path("lots/<uuid:lot_id>/", lot_views.lot, name="lot"),
    path("suppliers/", supplier_views.show_all, name="suppliers"),
    path("suppliers/<uuid:supplier>/", supplier_views.one, name="supplier"),
    path("lots/compare/", lot_compare.show, name="lots_compare"),
    path("lots/rules/", rule_views.many, name="lots_rules"),
    path("lots/<uuid:lot_id>/rules/", rule_views.lot, name="lot_rules"),
    path("lots/<uuid:lot_id>/bundle", lot_views.bundle, name="lot_bundle"),
    path("bundles/", bundle_job_views.show_all, name="bundle_jobs"),
    path("bundles/<uuid:job_id>/", bundle_job_views.show, name="bundle_job"),
    path("bundles/<uuid:job_id>/cancel", bundle_job_views.cancel, name="bundle_job_cancel"),
    path("bundles/<uuid:job_id>/file", bundle_job_views.file, name="bundle_job_file"),
    path("lots/<uuid:lot_id>/trust.json", lot_views.trust, name="lot_trust"),
    re_path(rf"{STATEMENT}/$", lot_views.statement, name="statement"),
    re_path(rf"{STATEMENT}/envelope$", lot_views.statement_envelope, name="statement_envelope"),
    re_path(rf"{STATEMENT}/payload$", lot_views.statement_payload, name="statement_payload"),
    re_path(rf"{STATEMENT}/proof$", lot_views.statement_proof, name="statement_proof"),
    path("log/", log_views.show, name="log"),
    path("about/record/", docs_views.how_it_works, name="how_it_works"),
    path("about/api.md", docs_views.api, name="api_manual"),
    path("about/formats/", docs_views.formats, name="formats"),
    path("about/rules/", rule_views.rule_sets, name="rule_sets"),
    path("about/verifier/", docs_views.offline_verifier, name="offline_verifier"),
    path("about/signer/", docs_views.signer, name="signer"),
    path("about/signer/lodestone-sign.pyz", docs_views.signer_file, name="signer_file"),
    path("about/verifier/lodestone-verify.pyz", docs_views.verifier_file, name="verifier_file"),
    path("about/verifier/lodestone-verify.html", docs_views.verifier_page, name="verifier_page"),
    path("about/verifier/policy", docs_views.policy_file, name="policy_file"),
    path("about/accessibility/", docs_views.accessibility, name="accessibility"),
]

"""Addresses of lots, statements, the log, and the pages of documentation."""

from django.urls import path, re_path

from traceability.web import docs_views, log_views, lot_views

STATEMENT = r"^statements/(?P<digest>[0-9a-f]{64})"

urlpatterns = [
    path("lots/", lot_views.lot_list, name="lots"),
    path("lots/<uuid:lot_id>/", lot_views.lot, name="lot"),
    path("lots/<uuid:lot_id>/bundle", lot_views.bundle, name="lot_bundle"),
    path("lots/<uuid:lot_id>/trust.json", lot_views.trust, name="lot_trust"),
    re_path(rf"{STATEMENT}/$", lot_views.statement, name="statement"),
    re_path(rf"{STATEMENT}/envelope$", lot_views.statement_envelope, name="statement_envelope"),
    re_path(rf"{STATEMENT}/payload$", lot_views.statement_payload, name="statement_payload"),
    re_path(rf"{STATEMENT}/proof$", lot_views.statement_proof, name="statement_proof"),
    path("log/", log_views.show, name="log"),
    path("about/record/", docs_views.how_it_works, name="how_it_works"),
    path("about/formats/", docs_views.formats, name="formats"),
    path("about/verifier/", docs_views.offline_verifier, name="offline_verifier"),
    path("about/verifier/lodestone-verify.pyz", docs_views.verifier_file, name="verifier_file"),
    path("about/verifier/policy", docs_views.policy_file, name="policy_file"),
    path("about/accessibility/", docs_views.accessibility, name="accessibility"),
]

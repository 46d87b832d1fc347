"""Addresses of declarations, results and checks. Those behind a QR code never change."""

from django.urls import path, re_path

from epd.web import (
    bundle_views,
    check_views,
    crate_views,
    declaration_views,
    digital_link,
    epd_check_views,
    kept_reports,
    own_views,
    reference_views,
    run_views,
    verifying_views,
)

DECLARATION = "d/<str:reference>"

urlpatterns = [
    path(DECLARATION, declaration_views.show, name="declaration"),
    path(f"{DECLARATION}/statement.json", declaration_views.statement, name="declaration_statement"),
    path(f"{DECLARATION}/results.csv", declaration_views.results_csv, name="declaration_csv"),
    path(f"{DECLARATION}/factors.json", declaration_views.factors, name="declaration_factors"),
    path(f"{DECLARATION}/files/<str:kind>", declaration_views.exchange_file, name="declaration_file"),
    path(f"{DECLARATION}/confidence", declaration_views.confidence, name="declaration_confidence"),
    path(f"{DECLARATION}/bundle", own_views.bundle, name="declaration_bundle"),
    path(f"{DECLARATION}/withdraw", own_views.withdraw, name="declaration_withdraw"),
    path(f"{DECLARATION}/supersede", own_views.supersede, name="declaration_supersede"),
    path(f"{DECLARATION}/submit", verifying_views.submit, name="declaration_submit"),
    path("verifications/", verifying_views.submitted, name="verifications"),
    path("verifications/<str:reference>/", verifying_views.workbench, name="verification"),
    path("declarations/", declaration_views.register, name="register"),
    path("declarations/compare/", declaration_views.compare, name="compare"),
    path("declarations/own/", own_views.own, name="declarations"),
    path("declarations/runs/", run_views.show_all, name="declaration_runs"),
    path("declarations/runs/<uuid:run_id>/", run_views.show, name="declaration_run"),
    path("declarations/runs/<uuid:run_id>/act/", run_views.act, name="declaration_run_act"),
    path("declarations/references/", reference_views.show_all, name="reference_drafts"),
    path("declarations/references/<uuid:prepared_id>/discard/", reference_views.discard, name="reference_discard"),
    path("declarations/references/<uuid:prepared_id>/<str:step>/", reference_views.show, name="reference_draft"),
    path("lots/<uuid:lot_id>/figures/", own_views.figures, name="figures"),
    path("lots/<uuid:lot_id>/declare/", own_views.declare, name="declare"),
    path("c/<uuid:lot_id>", crate_views.crate, name="crate"),
    path("lots/<uuid:lot_id>/label/", crate_views.label_page, name="label"),
    path("lots/<uuid:lot_id>/label.svg", crate_views.label_file, name="label_file"),
    path("lots/<uuid:lot_id>/label.pdf", crate_views.label_pdf, name="label_pdf"),
    path("01/<str:gtin>/10/<path:number>", digital_link.resolve, name="digital_link"),
    path(".well-known/gs1resolver", digital_link.description, name="resolver"),
    path("verify/", check_views.check, name="check"),
    path("verify/bundle/", bundle_views.check, name="check_bundle"),
    path("verify/epd/", epd_check_views.check, name="check_epd"),
    re_path(r"^verify/reports/(?P<name>[0-9a-f]{64})\.json$", kept_reports.report, name="bundle_report"),
    re_path(r"^about/algorithms/(?P<name>lodestone-[a-z]+-[0-9]+)$", declaration_views.algorithm, name="algorithm"),
]
"""`about/algorithms/` serves the texts whose digests stand in every result."""

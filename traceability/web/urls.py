"""Addresses of the pages."""

from django.urls import path, re_path

from traceability.web import gallery, interrupted_views, language
from traceability.web.views import (
    corrections,
    documents,
    overview,
    places,
    proposals,
    record,
    search,
    signing,
    stock,
    templates,
)

urlpatterns = [
    path("", overview.show, name="overview"),
    path("language", language.choose, name="language"),
    path("send-again/", interrupted_views.send_again, name="send_again"),
    path("search/", search.show, name="search"),
    path("organisations/<uuid:organisation>/act", overview.switch, name="act_for"),
    path("stock/", stock.show, name="stock"),
    path("incoming/", stock.incoming, name="incoming"),
    path("outgoing/", stock.outgoing, name="outgoing"),
    path("facilities/", places.facilities, name="facilities"),
    path("facilities/<uuid:facility>/", places.facility, name="facility"),
    path("facilities/<uuid:facility>/certificate", places.certify, name="certify"),
    path("partners/", places.partners, name="partners"),
    path("record/", record.choose, name="record"),
    path("record/begin", record.begin, name="begin"),
    path("record/<uuid:draft_id>/", record.go_on, name="draft"),
    path("record/<uuid:draft_id>/check/", signing.check, name="draft_check"),
    path("record/<uuid:draft_id>/discard/", record.discard, name="draft_discard"),
    path("record/<uuid:draft_id>/keep/", templates.keep_draft, name="draft_keep"),
    path("record/<uuid:draft_id>/documents/", documents.of_draft, name="draft_documents"),
    path("record/<uuid:draft_id>/<slug:key>/", record.section, name="draft_section"),
    path("record/<uuid:draft_id>/<slug:key>/preview", record.preview, name="draft_preview"),
    path("templates/", templates.show, name="templates"),
    path("templates/<uuid:template_id>/", templates.one, name="template"),
    path("templates/<uuid:template_id>/delete/", templates.delete, name="template_delete"),
    path("proposals/<uuid:draft_id>/", proposals.show, name="proposal"),
    path("receipts/", signing.receipt_list, name="receipts"),
    path("receipts/<uuid:statement_id>/", signing.receipt, name="receipt"),
    path("receipts/<uuid:statement_id>/proof", signing.proof, name="receipt_proof"),
    path("receipts/<uuid:statement_id>/keep/", templates.keep_statement, name="receipt_keep"),
    path("receipts/<uuid:statement_id>/correct", corrections.correct, name="correct"),
    path("receipts/<uuid:statement_id>/void", corrections.void, name="void"),
    path("lots/<uuid:lot_id>/result/", corrections.result, name="lot_result"),
    re_path(r"^documents/(?P<sha256>[0-9a-f]{64})$", documents.download, name="document"),
    path("design/", gallery.show, name="design"),
]

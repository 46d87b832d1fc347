"""Addresses of the API of declarations, under /api/v1/."""

from django.urls import path, register_converter

from epd.api import (
    answering,
    approvals,
    bundles,
    checking,
    comparing,
    declarations,
    exchanging,
    problems,
    programmes,
    references,
    runs,
    uncertainty,
    verifying,
)
from epd.api.converters import DeclarationConverter

__all__ = ["problems", "urlpatterns"]


register_converter(DeclarationConverter, "declaration")

ONE = "declarations/<declaration:declaration>"
RUN = "declarations/runs/<uuid:run>"
urlpatterns = [
    path("declarations", declarations.Declarations.as_view(), name="api-declarations"),
    path("declarations/compare", comparing.Comparison.as_view(), name="api-declarations-compare"),
    path("declarations/runs", runs.DeclarationRuns.as_view(), name="api-declaration-runs"),
    path(RUN, runs.OneDeclarationRun.as_view(), name="api-declaration-run"),
    path(f"{RUN}/lots", runs.DeclarationRunLots.as_view(), name="api-declaration-run-lots"),
    path(f"{RUN}/stop", runs.StopDeclarationRun.as_view(), name="api-declaration-run-stop"),
    path(f"{RUN}/retry", runs.RetryDeclarationRun.as_view(), name="api-declaration-run-retry"),
    path("references", references.References.as_view(), name="api-references"),
    path("bundles/check", bundles.BundleCheck.as_view(), name="api-bundle-check"),
    path("verify", answering.Verify.as_view(), name="api-verify"),
    path("epd/check", checking.EpdCheck.as_view(), name="api-epd-check"),
    path(ONE, declarations.DeclarationDetail.as_view(), name="api-declaration"),
    path(f"{ONE}/statement", declarations.DeclarationStatement.as_view(), name="api-declaration-statement"),
    path(f"{ONE}/files/<str:kind>", exchanging.DeclarationFile.as_view(), name="api-declaration-file"),
    path(f"{ONE}/uncertainty", uncertainty.DeclarationUncertainty.as_view(), name="api-declaration-uncertainty"),
    path(f"{ONE}/programmes", programmes.DeclarationProgrammes.as_view(), name="api-declaration-programmes"),
    path(f"{ONE}/confidence", answering.Confidence.as_view(), name="api-declaration-confidence"),
    path(f"{ONE}/verify", declarations.Verification.as_view(), name="api-declaration-verify"),
    path(f"{ONE}/withdraw", declarations.Withdrawal.as_view(), name="api-declaration-withdraw"),
    path(f"{ONE}/supersede", declarations.Supersession.as_view(), name="api-declaration-supersede"),
    path(f"{ONE}/approval", approvals.EndApproval.as_view(), name="api-declaration-approval"),
    path("verifications", verifying.Verifications.as_view(), name="api-verifications"),
    path(f"{ONE}/submission", verifying.Submission.as_view(), name="api-declaration-submission"),
    path(f"{ONE}/review", verifying.Review.as_view(), name="api-declaration-review"),
    path(f"{ONE}/remarks", verifying.Remarks.as_view(), name="api-declaration-remarks"),
    path("remarks/<uuid:remark>/done", verifying.RemarkDone.as_view(), name="api-remark-done"),
    path(f"{ONE}/verification", verifying.VerificationStatement.as_view(), name="api-declaration-verification"),
    path(f"{ONE}/refusal", verifying.Refusal.as_view(), name="api-declaration-refusal"),
    path(f"{ONE}/registration", verifying.Registration.as_view(), name="api-declaration-registration"),
    path(f"{ONE}/history", verifying.History.as_view(), name="api-declaration-history"),
    path("approvals/figures", approvals.FiguresApprovals.as_view(), name="api-figures-approvals"),
    path("approvals/figures/<uuid:figures>", approvals.OneFiguresApproval.as_view(), name="api-figures-approval"),
    path("approvals/figures/<uuid:figures>/sign", approvals.ApproveFigures.as_view(), name="api-figures-approve"),
    path(
        "approvals/figures/<uuid:figures>/send-back", approvals.SendFiguresBack.as_view(), name="api-figures-send-back"
    ),
    path("lots/<uuid:lot>/result/approval", approvals.ResultApproval.as_view(), name="api-result-approval"),
    path("lots/<uuid:lot>/declaration/approval", approvals.DeclarationToApprove.as_view(), name="api-declare-approval"),
    path("lots/<uuid:lot>/result", declarations.LotResult.as_view(), name="api-lot-result"),
]

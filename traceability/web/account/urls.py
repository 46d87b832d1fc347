"""Addresses of the pages of accounts."""

from django.urls import path

from traceability.web.account import (
    first_days,
    joining,
    keys,
    leaving,
    operating,
    organisation,
    pages,
    people,
    tokens,
    writing,
)

urlpatterns = [
    path("about/terms/", pages.terms, name="terms"),
    path("join/", joining.join, name="join"),
    path("join/new/", joining.join_new, name="join_new"),
    path("organisation/", organisation.show, name="organisation"),
    path("organisation/new/", organisation.new, name="organisation_new"),
    path("organisation/say-again/", organisation.say_again, name="say_again"),
    path("organisation/keys/", keys.show, name="keys"),
    path("organisation/keys/<slug:key_id>/replace/", keys.replace, name="key_replace"),
    path("organisation/leaving/", leaving.show, name="leaving"),
    path("organisation/leaving/export", leaving.export, name="export"),
    path("organisation/leaving/close/", leaving.close, name="close_account"),
    path("first-days/", first_days.show, name="first_days"),
    path("members/", people.show, name="members"),
    path("members/invite/", people.invite, name="invite"),
    path("members/<int:member_id>/role/", people.change_role, name="member_role"),
    path("members/<int:member_id>/remove/", people.remove, name="member_remove"),
    path("tokens/", tokens.show, name="tokens"),
    path("tokens/new/", tokens.new, name="token_new"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("settings/numbers/", writing.numbers, name="numbers"),
    path("partners/invite/", people.invite_partner, name="invite_partner"),
    path("invitations/<uuid:invitation_id>/resend", people.resend, name="invitation_resend"),
    path("invitations/<uuid:invitation_id>/withdraw", people.withdraw, name="invitation_withdraw"),
    path("operator/waiting/", operating.waiting, name="waiting"),
    path("operator/organisations/", operating.all_of_them, name="tenants"),
    path("operator/organisations/<uuid:organisation_id>/", operating.one, name="tenant"),
    path("operator/organisations/<uuid:organisation_id>/vouch", operating.vouch, name="vouch"),
    path("operator/organisations/<uuid:organisation_id>/refuse", operating.refuse, name="refuse"),
    path("operator/organisations/<uuid:organisation_id>/suspend", operating.suspend, name="suspend"),
    path("operator/organisations/<uuid:organisation_id>/resume", operating.resume, name="resume"),
]

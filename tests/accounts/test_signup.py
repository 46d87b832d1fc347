"""Signing up, and the operator's word."""

import pytest

from tests.accounts.people import NEWCOMER, Applied, letters, member, newcomer, operator, user
from traceability.ledger.errors import RecordError
from traceability.models import AuditEvent, Membership, Organisation, Statement
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, organisations, signup
from traceability.services.errors import NotAllowed
from traceability.services.submissions import Act

IDENTITY = ["identity", "address"]


def register_a_site(actor):
    from tests.services.market import START, urn

    body = {"facility": urn(), "country": "DE", "name": "Hafen"}
    return acceptance.accept(
        actor=actor, submissions=[Act("facility.register", actor.organisation.pk, body, (START, START))]
    )


def test_nothing_stands_in_the_record_before_the_operators_word(market):
    before = Statement.objects.count()
    actor = newcomer()
    assert actor.organisation.standing == "waiting"
    assert not actor.organisation.registered
    assert Statement.objects.count() == before
    with pytest.raises(NotAllowed, match="not vouched for your organisation yet"):
        register_a_site(actor)


def test_the_operators_word_registers_and_attests_in_one_moment(market, sent, asleep):
    waiting = newcomer()
    with sent():
        receipt = signup.vouch(actor=operator(market), organisation_id=waiting.organisation.pk, checked=IDENTITY)
    kinds = list(Statement.objects.order_by("pk").values_list("kind", "issuer"))[-2:]
    assert kinds == [
        ("organisation.register", waiting.organisation.pk),
        ("organisation.attest", market.operator.organisation.pk),
    ]
    assert receipt.digest == f"sha256:{bytes(Statement.objects.latest('pk').digest).hex()}"
    organisation = Organisation.objects.get(pk=waiting.organisation.pk)
    assert (organisation.standing, organisation.registered) == ("active", True)
    register_a_site(Actor(waiting.user_id, organisation, waiting.role))
    [letter] = letters("nele@example.org")
    assert letter.subject == "[Lodestone] Hafen Magnets can record now"
    assert "/first-days/" in letter.body
    notes = AuditEvent.objects.filter(organisation=organisation).order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["Signed up", "The operator vouched for: identity, address"]


def test_the_word_is_given_once(market):
    waiting, sam = newcomer(), operator(market)
    signup.vouch(actor=sam, organisation_id=waiting.organisation.pk, checked=IDENTITY)
    with pytest.raises(signup.NotWaiting):
        signup.vouch(actor=sam, organisation_id=waiting.organisation.pk, checked=IDENTITY)


def test_a_refusal_says_why_and_can_be_put_right(market, sent):
    waiting, sam = newcomer(), operator(market)
    with pytest.raises(signup.ReasonMissing):
        signup.refuse(actor=sam, organisation_id=waiting.organisation.pk, reason="  ")
    with sent():
        signup.refuse(actor=sam, organisation_id=waiting.organisation.pk, reason="No such company at this address.")
    [letter] = letters("nele@example.org")
    assert "No such company at this address." in letter.body
    organisation = Organisation.objects.get(pk=waiting.organisation.pk)
    assert (organisation.standing, organisation.standing_reason) == ("refused", "No such company at this address.")
    again = Applied("Hafen Magnete GmbH", "DE", ("supplier", "buyer"), "Hamburg, HRB 1.")
    signup.say_again(actor=Actor(waiting.user_id, organisation, waiting.role), applied=again)
    organisation.refresh_from_db()
    assert (organisation.standing, organisation.standing_reason) == ("waiting", "")
    assert organisation.name == "Hafen Magnete GmbH"


def test_what_was_vouched_for_is_not_said_again(market):
    waiting = newcomer()
    signup.vouch(actor=operator(market), organisation_id=waiting.organisation.pk, checked=IDENTITY)
    with pytest.raises(signup.NotWaiting):
        signup.say_again(actor=waiting, applied=NEWCOMER)


@pytest.mark.parametrize("verb", ["vouch", "refuse", "suspend", "resume"])
def test_only_the_operator_decides(market, verb):
    waiting = newcomer()
    more = {"vouch": {"checked": IDENTITY}, "resume": {}}.get(verb, {"reason": "because"})
    decide = getattr(signup, verb)
    for actor in (waiting, market.mine):
        with pytest.raises(NotFound):
            decide(actor=actor, organisation_id=waiting.organisation.pk, **more)
    reader = operator(market, "vera", Membership.Role.VIEWER)
    with pytest.raises(NotAllowed):
        decide(actor=reader, organisation_id=waiting.organisation.pk, **more)


def test_a_suspended_organisation_reads_and_does_not_sign(market, sent):
    dana, sam = member(market.mine.organisation, "dana"), operator(market)
    with sent():
        signup.suspend(actor=sam, organisation_id=dana.organisation.pk, reason="Unpaid.")
    organisation = Organisation.objects.get(pk=dana.organisation.pk)
    with pytest.raises(NotAllowed, match="suspended"):
        register_a_site(organisations.on_behalf_of(organisation))
    signup.resume(actor=sam, organisation_id=organisation.pk)
    organisation.refresh_from_db()
    register_a_site(organisations.on_behalf_of(organisation))
    assert [one.subject for one in letters("dana@example.org")] == ["[Lodestone] Juniper Flat is suspended"]


def test_the_operator_cannot_suspend_itself(market):
    sam = operator(market)
    with pytest.raises(NotAllowed):
        signup.suspend(actor=sam, organisation_id=sam.organisation.pk, reason="why not")


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "x" * 201}, {"name": "Siemens\u202e"}, {"country": "de"}, {"roles": ()},
     {"roles": ("operator",)}, {"about": ""}],
)  # fmt: skip
def test_what_could_not_be_signed_later_is_not_taken_now(change):
    said = {"name": "A", "country": "DE", "roles": ("buyer",), "about": "We buy."} | change
    with pytest.raises(RecordError):
        Applied(**said)


def test_one_person_does_not_fill_the_queue(market):
    nele = user("nele")
    for number in range(signup.MOST_WAITING):
        signup.apply(user_id=nele.pk, applied=Applied(f"Firm {number}", "DE", ("buyer",), "We buy."))
    with pytest.raises(signup.TooManyApplications):
        signup.apply(user_id=nele.pk, applied=NEWCOMER)

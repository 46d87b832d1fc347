"""Who is told of what: each event once, to those whom it concerns, and to nobody else."""

import json
import re
from datetime import date, datetime
from uuid import UUID

import pytest

from tests.notices.town import VIEWER, Town, member, run_again
from tests.services.market import BENEFICIATION, urn
from tests.services.test_door import correction_body
from traceability.models import Notice, NoticeCopy, NoticePreference, OutboxTask
from traceability.services import notice_words, notices, organisations, outbox, watches
from traceability.services.notice_rules import News
from traceability.services.watches import What

Kind = Notice.Kind


def uuid(urn: str) -> UUID:
    return UUID(urn[9:])


def test_goods_on_their_way_are_told_to_the_receiver_alone(town: Town) -> None:
    lot, _ = town.sent()
    assert town.told(town.market.separator) == [Kind.GOODS_COMING]
    assert town.told(town.market.mine) == town.told(town.outsider) == []
    notice = Notice.objects.get()
    assert (notice.about, notice.subject) == (Notice.About.LOT, uuid(lot))


def test_what_became_of_a_dispatch_is_told_to_the_sender(town: Town) -> None:
    lot, dispatch = town.sent()
    town.market.take(lot, dispatch)
    assert town.told(town.market.mine) == [Kind.GOODS_RECEIVED]
    town.forget()
    lot, dispatch = town.sent()
    town.market.say(town.market.separator, "lot.reject", {"lot": lot, "dispatch": dispatch, "reason": "wet"})
    assert town.told(town.market.mine) == [Kind.GOODS_REJECTED]


def test_a_difference_waits_for_the_senders_word_and_its_end_is_told(town: Town) -> None:
    lot, dispatch = town.sent()
    town.market.take(lot, dispatch, weighed="900", difference="beyond")
    assert town.told(town.market.mine) == [Kind.GOODS_DIFFER]
    town.market.say(town.market.separator, "lot.settle", {"lot": lot, "mass_kg": "900"})
    assert town.told(town.market.mine) == [Kind.GOODS_DIFFER, Kind.DIFFERENCE_SETTLED]
    # Settled alone: a finding on the lot, for who holds it.
    assert Kind.LOT_FINDING in town.told(town.market.separator)


def test_a_cancelled_dispatch_is_told_to_who_was_to_receive(town: Town) -> None:
    lot, _ = town.sent()
    town.market.say(town.market.mine, "lot.dispatch_cancel", {"lot": lot, "reason": "wrong truck"})
    assert town.told(town.market.separator) == [Kind.GOODS_COMING, Kind.DISPATCH_CANCELLED]


def test_a_dispatch_out_of_the_record_is_told_to_nobody(town: Town) -> None:
    lot = town.market.source()
    body = {"lot": lot, "to": "outside", "mass_kg": "1000", "tolerance_pct": "0"}
    town.market.say(town.market.mine, "lot.dispatch", body)
    town.settle()
    assert not Notice.objects.exists()


def test_a_correction_is_told_to_whom_the_lot_was_sent(town: Town) -> None:
    lot = urn()
    source = town.market.say(town.market.mine, "lot.source", town.market.source_body(lot))
    town.market.send(lot)
    town.forget()
    correct = correction_body(source, town.market.source_body(lot, lot_number="ORE-2"))
    town.market.say(town.market.mine, "statement.correct", correct)
    assert town.told(town.market.separator) == [Kind.LOT_CORRECTED]
    assert town.told(town.market.mine) == town.told(town.outsider) == []


def test_a_recall_is_told_once_to_each_holder_of_what_came_of_it(town: Town) -> None:
    lot = town.market.source()
    parts = {urn(): "400", urn(): "600"}
    town.market.split(lot, parts, "1000")
    for part, mass in parts.items():
        dispatch = town.market.send(part, mass).digest
        town.market.take(part, dispatch, weighed=mass)
    town.forget()
    town.market.say(town.market.mine, "lot.recall", {"lot": lot, "reason": "radioactive"})
    assert town.told(town.market.separator) == [Kind.LOT_RECALLED]
    notice = Notice.objects.get(organisation=town.market.separator.organisation)
    assert notice.subject in {uuid(part) for part in parts}
    assert notice.others == 1
    assert town.told(town.outsider) == []


def test_keys_are_told_to_their_organisation(town: Town) -> None:
    organisations.rotate_key(actor=town.market.mine)
    assert town.told(town.market.mine) == [Kind.KEY_ROTATED]
    assert town.told(town.market.separator) == []


def test_nothing_is_told_of_a_step_that_concerns_nobody_else(town: Town) -> None:
    lot = town.market.source()
    body = town.market.transform_body({lot: "1000"}, urn())
    town.market.say(town.market.mine, "lot.transform", body, process=BENEFICIATION)
    assert not OutboxTask.objects.filter(state=OutboxTask.State.WAITING).exclude(key__contains="register").exists()


def test_telling_twice_tells_once(town: Town) -> None:
    one = member(town.market.separator.organisation)
    town.sent()
    assert town.told(town.market.separator) == [Kind.GOODS_COMING]
    run_again(notices.TASK)
    assert outbox.drain(names=(notices.TASK,)) > 0
    assert town.told(town.market.separator) == [Kind.GOODS_COMING]
    assert town.copies(one) == [Kind.GOODS_COMING]
    assert OutboxTask.objects.filter(name=notices.MAIL_TASK).count() == 1


def test_an_act_that_is_refused_leaves_nothing_in_the_outbox(town: Town) -> None:
    lot, _ = town.sent()
    before = OutboxTask.objects.count()
    with pytest.raises(ValueError):
        town.market.send(lot)
    assert OutboxTask.objects.count() == before


def test_a_notice_holds_no_confidential_value(town: Town) -> None:
    member(town.market.separator.organisation)
    town.sent(lot_number="SECRET-7", mass_kg="1000")
    town.settle()
    rows = [*Notice.objects.values(), *NoticeCopy.objects.values(), *OutboxTask.objects.values()]
    words = [(one.title, one.about, one.href) for one in notice_words.in_words(Notice.objects.all())]
    told = [[value for value in row.values() if not isinstance(value, datetime)] for row in rows]
    text = json.dumps([told, words], default=str)
    assert "SECRET" not in text
    assert not re.search(r"(?<![0-9a-f-])1000(?![0-9a-f-])", text)  # in identifiers any digits may follow each other
    assert "Juniper" not in text


# Members


def test_each_member_is_told_as_he_wants(town: Town) -> None:
    organisation = town.market.separator.organisation
    usual, quiet, digest, gone = (member(organisation, VIEWER, name) for name in ("a", "b", "c", "d"))
    notices.prefer(actor=quiet, hows={Kind.GOODS_COMING: NoticePreference.How.NONE})
    notices.prefer(actor=digest, hows={Kind.GOODS_COMING: NoticePreference.How.DIGEST})
    gone.organisation.memberships.filter(user=gone.user_id).delete()
    town.sent()
    assert town.copies(usual) == town.copies(digest) == [Kind.GOODS_COMING]
    assert town.copies(quiet) == town.copies(gone) == []
    mails = dict(NoticeCopy.objects.values_list("user_id", "mail"))
    assert mails == {usual.user_id: NoticeCopy.Mail.NOW, digest.user_id: NoticeCopy.Mail.DIGEST}


def test_a_preference_can_be_changed_again(town: Town) -> None:
    one = member(town.market.mine.organisation)
    assert notices.preferences(one)[Kind.LOT_RECALLED] == NoticePreference.How.MAIL
    for how in (NoticePreference.How.PAGE, NoticePreference.How.NONE):
        notices.prefer(actor=one, hows={Kind.LOT_RECALLED: how})
        assert notices.preferences(one)[Kind.LOT_RECALLED] == how
    assert set(notices.preferences(one)) == set(Kind)


def test_reading_one_leaves_the_others_unread(town: Town) -> None:
    one, other = (member(town.market.separator.organisation, VIEWER, name) for name in ("a", "b"))
    town.sent()
    town.sent()
    town.settle()
    first = Notice.objects.first()
    assert first is not None
    assert notices.mark_read(actor=one, notice=first.pk) == 1
    assert notices.mark_read(actor=one, notice=first.pk) == 0
    assert notices.mark_read(actor=one) == 1
    assert NoticeCopy.objects.filter(user=other.user_id, read_at=None).count() == 2


def test_a_cause_outside_the_record_is_told_alike(town: Town) -> None:
    organisation = town.market.mine.organisation
    about = News(organisation.pk, Kind.WORD_WANTED, Notice.About.LOT, organisation.pk)
    assert notices.tell(about, cause="proposal 1") is not None
    assert notices.tell(about, cause="proposal 1") is None
    unknown = News(UUID(int=7), Kind.WORD_WANTED, Notice.About.LOT, organisation.pk)
    assert notices.tell(unknown, cause="proposal 1") is None


# Watches


def test_a_watcher_is_told_what_becomes_of_a_lot_and_his_colleagues_are_not(town: Town) -> None:
    lot = town.taken()
    organisation = town.market.mine.organisation  # it made the lot, and holds it no longer
    watcher, colleague = (member(organisation, VIEWER, name) for name in ("a", "b"))
    town.forget()
    watch, made = watches.watch(actor=watcher, what=What.LOT, subject=uuid(lot))
    assert made
    assert watches.watch(actor=watcher, what=What.LOT, subject=uuid(lot)) == (watch, False)
    town.market.say(town.market.mine, "lot.recall", {"lot": lot, "reason": "radioactive"})
    assert town.copies(watcher) == [Kind.LOT_RECALLED]
    assert town.copies(colleague) == []
    watches.stop(actor=watcher, watch=watch.pk)
    with pytest.raises(ValueError, match="no such thing"):
        watches.stop(actor=watcher, watch=watch.pk)


def test_what_one_may_not_see_cannot_be_watched(town: Town) -> None:
    lot = town.market.source()
    stranger = member(town.outsider.organisation)
    for what in What:
        with pytest.raises(ValueError, match="There is no such"):
            watches.watch(actor=stranger, what=what, subject=uuid(lot))


def test_who_sees_a_lot_no_longer_is_told_nothing(town: Town) -> None:
    lot, _ = town.sent()
    watcher = member(town.market.separator.organisation)
    watches.watch(actor=watcher, what=What.LOT, subject=uuid(lot))
    town.market.say(town.market.mine, "lot.dispatch_cancel", {"lot": lot, "reason": "wrong truck"})
    town.forget()
    town.market.say(town.market.mine, "lot.recall", {"lot": lot, "reason": "radioactive"})
    assert town.copies(watcher) == []


def test_nobody_stops_the_watch_of_another(town: Town) -> None:
    lot = town.market.source()
    one, other = (member(town.market.mine.organisation, VIEWER, name) for name in ("a", "b"))
    watch, _ = watches.watch(actor=one, what=What.LOT, subject=uuid(lot))
    with pytest.raises(ValueError, match="no such thing"):
        watches.stop(actor=other, watch=watch.pk)


def test_a_program_without_a_person_watches_nothing(town: Town) -> None:
    with pytest.raises(ValueError, match="Only a person"):
        watches.watch(actor=town.market.mine, what=What.LOT, subject=uuid(town.market.source()))


def test_a_mandate_is_told_to_its_holder_when_it_is_given_and_when_it_is_ended(town: Town) -> None:
    giver, holder = town.market.mine, town.market.separator
    member(holder.organisation)
    given = organisations.give_mandate(
        actor=giver,
        holder=holder.organisation,
        purpose="audit",
        valid_from=date(2026, 1, 1),
        valid_until=date(2999, 1, 1),
    )
    assert town.told(holder) == [Kind.MANDATE_GIVEN]
    assert town.told(giver) == town.told(town.outsider) == []
    organisations.revoke_mandate(actor=giver, mandate=given)
    assert town.told(holder) == [Kind.MANDATE_GIVEN, Kind.MANDATE_ENDED]
    [said] = notice_words.in_words(Notice.objects.filter(kind=Kind.MANDATE_GIVEN))
    assert said.about == giver.organisation.name
    assert said.href == f"/lots/?of={giver.organisation.pk}"
    copies = NoticeCopy.objects.filter(notice__kind=Kind.MANDATE_GIVEN)
    assert {one.mail for one in copies} == {NoticeCopy.Mail.NOW}

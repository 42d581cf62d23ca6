"""Taking deliveries out of the outbox: claimed by compare-and-set, sent, and marked at once.

A process that dies between sending and marking leaves the delivery claimed. A letter or a webhook is then sent again
under the same id, by which a receiver knows the second copy; a chat robot knows no ids, so that its delivery is marked
uncertain instead, for a person to look at.
"""

import logging
import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from luoshi.core.queries import get_calendar
from luoshi.notices.actions.composing import compose
from luoshi.notices.actions.mailing import Mailer
from luoshi.notices.actions.outgoing import NoAnswer, Unreachable
from luoshi.notices.actions.robots import speak
from luoshi.notices.models import Delivery, Notice, Robot, Wish
from luoshi.notices.queries.wishes import get_site_quiet, get_wishes_of
from luoshi.notices.rules.answers import Answer, Trouble, Verdict
from luoshi.notices.rules.kinds import Channel, State
from luoshi.notices.rules.quiet import LONGEST_HOLIDAY, may_leave_at
from luoshi.notices.rules.retrying import ATTEMPTS, PACES, take_turn, wait_after

logger = logging.getLogger(__name__)
AT_ONCE = 20  # letters that one worker takes
CLAIMED_FOR = timedelta(minutes=10)
KNOWS_COPIES = (Channel.MAIL.value, Channel.WEBHOOK.value)
OF_THE_ROBOT = {
    Trouble.SIGNATURE, Trouble.KEYWORD, Trouble.SENDER_IP, Trouble.GONE, Trouble.FORBIDDEN, Trouble.REDIRECT,
    Trouble.ADDRESS,
}  # fmt: skip


def list_due(now: datetime) -> QuerySet[Delivery]:
    """What may be sent now, the longest due first."""
    return Delivery.objects.filter(state=State.WAITING.value, next_at__lte=now).order_by("next_at", "pk")


def send_some(now: datetime) -> int:
    """Send what is due: some letters over one connection, or one message of a robot; how many were taken in hand."""
    _take_up_lapsed(now)
    head = list_due(now).values_list("pk", "channel").first()
    if head is None:
        return 0
    if head[1] == Channel.MAIL.value:
        taken = _claim(list_due(now).filter(channel=Channel.MAIL.value).values_list("pk", flat=True)[:AT_ONCE], now=now)
        _send_letters(taken, now=now)
    else:
        taken = _claim([head[0]], now=now)
        for delivery in taken:
            _send_to_robot(delivery, now=now)
    return max(1, len(taken))  # another worker may have been quicker: there may be more


def _claim(ids: Any, *, now: datetime) -> list[Delivery]:
    """Take these for this worker; of several workers that try, each row goes to one."""
    claim = uuid.uuid4().hex
    list_due(now).order_by().filter(pk__in=list(ids)).update(
        state=State.SENDING.value, claim=claim, claimed_until=now + CLAIMED_FOR, attempts=F("attempts") + 1
    )
    mine = Delivery.objects.filter(claim=claim, state=State.SENDING.value)
    return list(mine.select_related("person", "robot__unit").order_by("next_at", "pk"))


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=State.SENDING.value)


def _take_up_lapsed(now: datetime) -> None:
    """What a dead process had in hand: sent again where a copy is known as one, else left to a person."""
    lapsed = Delivery.objects.filter(state=State.SENDING.value, claimed_until__lt=now)
    lapsed.filter(channel__in=KNOWS_COPIES, attempts__lt=ATTEMPTS).update(state=State.WAITING.value, next_at=now)
    lapsed.filter(attempts__gte=ATTEMPTS).update(state=State.GIVEN_UP.value, trouble=Trouble.NO_TRACE.value)
    lapsed.update(state=State.UNCERTAIN.value, trouble=Trouble.NO_TRACE.value)


def _put_back(delivery: Delivery, *, until: datetime) -> None:
    _mine(delivery).update(state=State.WAITING.value, next_at=until, attempts=F("attempts") - 1)


def _end(delivery: Delivery, state: State, *, trouble: str = "", words: str = "") -> None:
    _mine(delivery).update(state=state.value, trouble=trouble, trouble_words=words[:200])


def _settle(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """Mark what came of an attempt."""
    if answer.verdict == Verdict.TAKEN:
        _mine(delivery).update(state=State.DELIVERED.value, delivered_at=now, trouble="", trouble_words="")
    elif answer.verdict == Verdict.STOP:
        _end(delivery, State.REFUSED, trouble=answer.trouble, words=answer.words)
    elif delivery.attempts >= ATTEMPTS or delivery.is_test:
        _end(delivery, State.GIVEN_UP, trouble=answer.trouble, words=answer.words)
    else:
        wait = wait_after(delivery.attempts, dice=random.random(), asked=answer.wait)  # noqa: S311 - spreads the load
        _mine(delivery).update(
            state=State.WAITING.value, next_at=now + wait, trouble=answer.trouble, trouble_words=answer.words[:200]
        )


def _hold_back(deliveries: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """Put back what may not leave now, for quiet hours or a day off; the rest."""
    local = timezone.localtime(now)
    calendar = get_calendar(local.date(), local.date() + timedelta(days=LONGEST_HOLIDAY))
    wishes = get_wishes_of({d.person_id for d in deliveries if d.person_id})
    leaving = []
    for delivery in deliveries:
        robot = delivery.robot
        quiet = get_site_quiet(lets_urgent=robot.may_disturb) if robot else wishes(delivery.person_id or 0).quiet
        moment = may_leave_at(local, quiet=quiet, calendar=calendar, urgent=delivery.is_urgent)
        if moment > local and not delivery.is_test:
            _put_back(delivery, until=moment)
        else:
            leaving.append(delivery)
    return leaving


def _write(deliveries: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """Compose what was never sent yet and keep it as it is sent; what has nothing left to say ends here."""
    fresh = [delivery for delivery in deliveries if not delivery.subject]
    wishes = get_wishes_of({d.person_id for d in fresh if d.person_id})
    compose(fresh, wishes=wishes, now=now)
    for delivery in fresh:
        if delivery.subject:
            _mine(delivery).update(
                subject=delivery.subject, text=delivery.text, payload=delivery.payload, notices=delivery.notices,
                people=delivery.people,
            )  # fmt: skip
        else:
            _end(delivery, State.NEEDLESS)
    return [delivery for delivery in deliveries if delivery.subject]


def _send_letters(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    leaving = _write(_hold_back(deliveries, now=now), now=now)
    with Mailer() as mailer:
        for delivery in leaving:
            answer = mailer.send(delivery)
            _settle(delivery, answer, now=now)
            if answer.verdict == Verdict.STOP and answer.trouble == Trouble.MAILBOX:
                _note_refused(delivery)


def _note_refused(delivery: Delivery) -> None:
    """No more letters to this address until the person gives another; what was in this one waits on the site."""
    person = delivery.person
    assert person is not None
    Wish.objects.update_or_create(person=person, defaults={"refused_address": delivery.address})
    Notice.objects.filter(delivery=delivery, read_at__isnull=True).update(delivery=None)


def _send_to_robot(delivery: Delivery, *, now: datetime) -> None:
    robot = delivery.robot
    assert robot is not None
    if not delivery.is_test and (robot.is_muted or robot.trouble or robot.removed_at):
        _end(delivery, State.STOPPED, trouble=robot.trouble)
        return
    if (
        not _hold_back([delivery], now=now)
        or not _take_turn(delivery, robot, now=now)
        or not _write([delivery], now=now)
    ):
        return
    try:
        answer = speak(robot, delivery, now=now)
    except Unreachable as error:
        stops = error.trouble == Trouble.ADDRESS
        answer = Answer(Verdict.STOP if stops else Verdict.LATER, error.trouble, error.words)
    except NoAnswer as error:
        if delivery.channel not in KNOWS_COPIES:
            _end(delivery, State.UNCERTAIN, trouble=Trouble.NO_TRACE.value, words=str(error))
            return
        answer = Answer(Verdict.LATER, Trouble.SILENT, str(error))
    _note_on_robot(robot, answer, now=now)
    _settle(delivery, answer, now=now)


def _take_turn(delivery: Delivery, robot: Robot, *, now: datetime) -> bool:
    """Is it this message's turn? Robots may speak only so fast; of several workers one gets the turn."""
    if robot.rests_until and robot.rests_until > now:
        _put_back(delivery, until=robot.rests_until)
        return False
    for _try in range(5):
        turn = take_turn(robot.paced_at, now=now, pace=PACES[Channel(robot.channel)])
        if turn.wait_until:
            _put_back(delivery, until=turn.wait_until)
            return False
        if Robot.objects.filter(pk=robot.pk, paced_at=robot.paced_at).update(paced_at=turn.paced_at):
            return True
        robot.refresh_from_db(fields=["paced_at"])
    _put_back(delivery, until=now + timedelta(seconds=1))
    return False


def _note_on_robot(robot: Robot, answer: Answer, *, now: datetime) -> None:
    """Keep on the robot what holds for all that it would say."""
    known = Robot.objects.filter(pk=robot.pk)
    if answer.verdict == Verdict.TAKEN:
        known.exclude(trouble="").update(trouble="", trouble_words="")
    elif answer.verdict == Verdict.STOP and answer.trouble in OF_THE_ROBOT:
        known.update(trouble=answer.trouble, trouble_words=answer.words[:200])
    elif answer.trouble == Trouble.TOO_FAST and answer.wait:
        known.update(rests_until=now + answer.wait)


def send_again(delivery: Delivery, *, now: datetime) -> bool:
    """Let a delivery that ended without being taken be sent once more; was it one?"""
    ended = [State.UNCERTAIN.value, State.REFUSED.value, State.GIVEN_UP.value]
    found = Delivery.objects.filter(pk=delivery.pk, state__in=ended)
    return bool(found.update(state=State.WAITING.value, next_at=now, attempts=0, trouble="", trouble_words=""))

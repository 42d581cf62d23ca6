"""What a person wishes to hear, where and when."""

from collections.abc import Mapping
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.notices.models import Delivery, GroupWish, Wish
from luoshi.notices.queries.wishes import get_wishes, may_mail
from luoshi.notices.rules.kinds import Channel, How, State
from luoshi.orgs.models import Person


class DomainNotAllowed(Refusal):
    """Letters go to certain domains only."""

    status = 422
    sentence = _("This site writes to addresses of the organisation only. Enter your address at work.")


class AddressUnreadable(Refusal):
    """This is no address."""

    status = 422
    sentence = _("This is no e-mail address. It looks like name@example.gov.cn.")


def set_wishes(
    person: Person, *, email: str, digest_at: time | None, quiet_from: time | None, quiet_until: time | None,
    wants_urgent: bool, language: str, groups: Mapping[str, str], version: int, by: Person, now: datetime,
) -> None:  # fmt: skip
    """Set all that one person wishes. Raises AddressUnreadable, DomainNotAllowed, EditConflict."""
    _check_address(email)
    before = get_wishes(person)
    fields = {
        "digest_at": digest_at, "quiet_from": quiet_from, "quiet_until": quiet_until, "wants_urgent": wants_urgent,
        "language": language, "refused_address": before.refused_address if email == person.email else "",
    }  # fmt: skip
    with transaction.atomic():
        _keep(person, fields, version=version)
        GroupWish.objects.filter(person=person).delete()
        GroupWish.objects.bulk_create(
            [GroupWish(person=person, group=g, how=how) for g, how in groups.items() if how != How.DIGEST.value]
        )
        was = person.email
        if email != was:
            Person.objects.filter(pk=person.pk).update(email=email)
            person.email = email
            _lead_over(person)
        record_entry(
            "set_notice_wishes", by=by, now=now, subject=person,
            before={"email": was, "groups": before.groups},
            after={"email": email, "groups": groups, **{n: str(v) for n, v in fields.items() if v}},
        )  # fmt: skip


def choose_language(person: Person, *, language: str) -> None:
    """Write to a person in the language that they chose for their pages: a reader's own affair, so no journal entry."""
    with transaction.atomic():
        own, made = Wish.objects.get_or_create(person=person, defaults={"language": language})
        if not made and own.language != language:
            Wish.objects.filter(person=person).update(language=language, version=F("version") + 1)


def _check_address(email: str) -> None:
    try:
        validate_email(email or "nobody@example.cn")
    except ValidationError:
        raise AddressUnreadable from None
    if email and not may_mail(email):
        raise DomainNotAllowed


def _keep(person: Person, fields: Mapping[str, object], *, version: int) -> None:
    if Wish.objects.filter(person=person, version=version).update(version=version + 1, **fields):
        return
    if version or Wish.objects.filter(person=person).exists():
        raise EditConflict
    Wish.objects.create(person=person, **fields)


def _lead_over(person: Person) -> None:
    """What waits goes to the new address; without one nothing leaves."""
    waiting = Delivery.objects.filter(person=person, channel=Channel.MAIL.value, state=State.WAITING.value)
    if person.email:
        waiting.update(address=person.email)
    else:
        waiting.update(state=State.STOPPED.value)

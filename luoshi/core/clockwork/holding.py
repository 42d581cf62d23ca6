"""The lease of the one process that gives out what is due."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from luoshi.core.models import Lease


def hold_lease(name: str, *, holder: str, now: datetime) -> bool:
    """Take or keep the lease by one compare-and-set statement; False while another holds it."""
    until = now + settings.CLOCKWORK_LEASE
    free = Q(holder=holder) | Q(until__lte=now)
    if Lease.objects.filter(free, pk=name).update(holder=holder, until=until):
        return True
    if Lease.objects.filter(pk=name).exists():
        return False
    Lease.objects.bulk_create([Lease(name=name, holder=holder, until=until)], ignore_conflicts=True)
    return Lease.objects.filter(pk=name, holder=holder).exists()


def release_lease(name: str, *, holder: str, now: datetime) -> None:
    """Give the lease back at once, when its holder ends in order."""
    Lease.objects.filter(pk=name, holder=holder).update(until=now)

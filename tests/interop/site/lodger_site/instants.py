"""Dates as text that needs no settings to be read, and dates as the settings want them."""

from datetime import datetime, timedelta, timezone

from django.conf import settings
from django.utils.timezone import is_naive, make_aware, make_naive


def utc(date):
    """RFC 3339 in UTC, of a date that is naive under USE_TZ = False."""
    date = make_aware(date) if is_naive(date) else date
    return date.astimezone(timezone.utc).isoformat()


def in_seconds(seconds):
    """The date so many seconds from now, as a model's field takes it."""
    date = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return date if settings.USE_TZ else make_naive(date)

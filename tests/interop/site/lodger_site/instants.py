"""Dates as text that needs no settings to be read."""

from datetime import timezone

from django.utils.timezone import is_naive, make_aware


def utc(date):
    """RFC 3339 in UTC, of a date that is naive under USE_TZ = False."""
    date = make_aware(date) if is_naive(date) else date
    return date.astimezone(timezone.utc).isoformat()

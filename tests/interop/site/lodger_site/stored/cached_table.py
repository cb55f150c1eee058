"""The table behind a cache."""

from django.contrib.sessions.backends.cached_db import SessionStore

from lodger_site.stored import cache, table
from lodger_site.stored.table import move, plant, sign

__all__ = ["find", "plant", "move", "sign", "everything"]

PREFIX = SessionStore.cache_key_prefix


def with_copy(row):
    return {**row, "cached": cache.cached(PREFIX + row["session_key"])}


def find(key):
    """A copy of a row that is gone is described, too: as one without data."""
    row = table.find(key)
    if row is not None:
        return with_copy(row)
    copy = cache.cached(PREFIX + key)
    if copy is None:
        return None
    return {
        "session_key": key,
        "session_data": None,
        "expire_date": "1970-01-01T00:00:00+00:00",
        "text": None,
        "cached": copy,
    }


def everything():
    return [with_copy(row) for row in table.everything()]

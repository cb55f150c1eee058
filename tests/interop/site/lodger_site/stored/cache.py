"""A cache server, read through Django's own cache."""

import json
from datetime import datetime, timezone

from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache

from lodger_site.stored import servers

PREFIX = SessionStore.cache_key_prefix


def json_text(value):
    """As Django's JSON serializer writes it."""
    return json.dumps(value, separators=(",", ":"))


def cached(name):
    """The value under a name that begins with an engine's prefix; None for a miss."""
    value = cache.get(name)
    return None if value is None else json_text(value)


def find(key):
    end = servers.end(PREFIX + key)
    if end is None:
        return None
    try:
        text = cached(PREFIX + key)
    except Exception:
        # What is no pickle may raise anything.
        text = None
    return {
        "session_key": key,
        "session_data": None,
        "expire_date": datetime.fromtimestamp(end, timezone.utc).isoformat(),
        "text": text,
        "cached": None,
    }


def plant(data, seconds):
    """`data` in Latin-1: a cache holds bytes."""
    key = SessionStore()._get_new_session_key()
    servers.put(PREFIX + key, data.encode("latin-1"), seconds)
    return find(key)

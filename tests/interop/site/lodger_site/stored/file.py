"""A folder of files."""

import os
import time
from datetime import datetime, timezone
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.file import SessionStore

from lodger_site.stored.ends import ends
from lodger_site.stored.signed import document, sign

__all__ = ["find", "plant", "move", "sign", "everything"]


def path(key):
    return Path(settings.SESSION_FILE_PATH, settings.SESSION_COOKIE_NAME + key)


def described(key, data, written):
    text = document(data)
    return {
        "session_key": key,
        "session_data": data,
        "expire_date": ends(text, datetime.fromtimestamp(written, timezone.utc)),
        "text": text,
        "cached": None,
    }


def find(key):
    file = path(key)
    try:
        data, written = file.read_bytes().decode("latin-1"), file.stat().st_mtime
    except FileNotFoundError:
        return None
    return described(key, data, written)


def plant(data, seconds):
    key = SessionStore()._get_new_session_key()
    path(key).write_bytes(data.encode())
    return find(key)


def move(key, seconds):
    """Only the time at which the file was written can be moved."""
    written = time.time() + seconds - settings.SESSION_COOKIE_AGE
    os.utime(path(key), (written, written))
    return find(key)


def everything():
    length = len(settings.SESSION_COOKIE_NAME)
    names = (file.name for file in Path(settings.SESSION_FILE_PATH).iterdir())
    found = (find(name[length:]) for name in names if name.startswith(settings.SESSION_COOKIE_NAME))
    return sorted((row for row in found if row), key=lambda row: row["expire_date"])

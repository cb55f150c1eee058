"""A signed cookie: what the browser holds is all there is."""

from datetime import datetime, timezone
from functools import partial

from django.core import signing

from lodger_site.stored import signed
from lodger_site.stored.ends import ends

SALT = "django.contrib.sessions.backends.signed_cookies"

sign = partial(signed.sign, salt=SALT)


def find(value):
    text = signed.document(value, SALT)
    parts = value.rsplit(":", 2)
    stamp = signing.b62_decode(parts[1]) if text is not None else 0
    return {
        "session_key": value,
        "session_data": value,
        "expire_date": ends(text, datetime.fromtimestamp(stamp, timezone.utc)),
        "text": text,
        "cached": None,
    }


def plant(data, seconds):
    return find(data)

"""The table django_session."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lodger_site.instants import in_seconds, utc
from lodger_site.stored.signed import document, sign

__all__ = ["find", "plant", "move", "sign", "everything"]


def described(row):
    return {
        "session_key": row.session_key,
        "session_data": row.session_data,
        "expire_date": utc(row.expire_date),
        "text": document(row.session_data),
        "cached": None,
    }


def find(key):
    row = Session.objects.filter(session_key=key).first()
    return described(row) if row else None


def plant(data, seconds):
    key = SessionStore()._get_new_session_key()
    row = Session(session_key=key, session_data=data, expire_date=in_seconds(seconds))
    row.save()
    return described(row)


def move(key, seconds):
    row = Session.objects.get(session_key=key)
    row.expire_date = in_seconds(seconds)
    row.save()
    return described(row)


def everything():
    return [described(row) for row in Session.objects.order_by("expire_date")]

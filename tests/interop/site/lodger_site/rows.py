"""The table itself, past the session of the request."""

from datetime import datetime, timedelta, timezone

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import JsonResponse
from django.utils.timezone import make_naive
from django.views.decorators.http import require_http_methods

from lodger_site.instants import utc

SALT = "django.contrib.sessions.SessionStore"


class Text:
    """The serialised text itself, in the place of Django's JSON serializer."""

    def loads(self, data):
        return data.decode("latin-1")


def text(session_data):
    """The document that Django's own signing finds in a row, or None if it refuses the row."""
    try:
        return signing.loads(session_data, salt=SALT, serializer=Text)
    except signing.BadSignature:
        return None


def stored(row):
    return {
        "session_key": row.session_key,
        "session_data": row.session_data,
        "expire_date": utc(row.expire_date),
        "text": text(row.session_data),
    }


def in_seconds(seconds):
    date = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return date if settings.USE_TZ else make_naive(date)


@require_http_methods(["GET", "POST"])
def row(request):
    """GET the row `key`, or null. POST `session_data` to plant a row under a new key, or `document`
    to have that text signed as Django signs it; with `key` and `seconds` to move its expiry."""
    if request.method == "GET":
        found = Session.objects.filter(session_key=request.GET["key"]).first()
        return JsonResponse(stored(found) if found else None, safe=False)
    expire_date = in_seconds(float(request.POST.get("seconds", 3600)))
    if "key" in request.POST:
        found = Session.objects.get(session_key=request.POST["key"])
        found.expire_date = expire_date
    else:
        data = request.POST.get("session_data")
        if data is None:
            data = signed(request.POST["document"])
        key = SessionStore()._get_new_session_key()
        found = Session(session_key=key, session_data=data, expire_date=expire_date)
    found.save()
    return JsonResponse(stored(found))


class Bytes:
    """Writes a text as it is, in the place of Django's JSON serializer."""

    def dumps(self, text):
        return text.encode("latin-1")


def signed(document):
    return signing.dumps(document, salt=SALT, serializer=Bytes, compress=True)

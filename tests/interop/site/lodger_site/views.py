"""What a visitor can do. Every view answers with the session as it is after it."""

import json
from datetime import datetime, timedelta, timezone

from django.contrib import auth
from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_POST

from lodger_site.instants import utc


def described(request):
    session = request.session
    # First, since it may write: after a rotation of the secret Django renews the user's hash.
    user = request.user if request.user.is_authenticated else None
    return JsonResponse(
        {
            "fields": dict(session.items()),
            "expiry_date": utc(session.get_expiry_date()),
            "expiry_age": session.get_expiry_age(),
            "expire_at_browser_close": session.get_expire_at_browser_close(),
            "user_id": user and str(user.pk),
            "empty": session.is_empty(),
        }
    )


@require_GET
def session(request):
    return described(request)


@require_POST
def login(request):
    user = auth.authenticate(
        request, username=request.POST["user"], password=request.POST["password"]
    )
    if user is None:
        return JsonResponse({"error": "wrong user or password"}, status=403)
    auth.login(request, user)
    return described(request)


@require_POST
def logout(request):
    auth.logout(request)
    return described(request)


@require_POST
def set_field(request):
    """Sets the field `name` to the JSON text `value`."""
    request.session[request.POST["name"]] = json.loads(request.POST["value"])
    return described(request)


@require_POST
def append(request):
    """Appends the JSON text `value` to the list field `name`."""
    name = request.POST["name"]
    items = request.session.get(name, [])
    request.session[name] = [*items, json.loads(request.POST["value"])]
    return described(request)


@require_POST
def count(request):
    """Adds one to the field `name`, by default the one that Lodger's demo counts visits in."""
    name = request.POST.get("name", "visits")
    request.session[name] = request.session.get(name, 0) + 1
    return described(request)


@require_POST
def expiry(request):
    """Calls set_expiry with what `kind` and `seconds` say."""
    kind = request.POST["kind"]
    seconds = float(request.POST.get("seconds", 0))
    value = {
        "default": lambda: None,
        "seconds": lambda: int(seconds),
        "timedelta": lambda: timedelta(seconds=seconds),
        "datetime": lambda: datetime.now(timezone.utc) + timedelta(seconds=seconds),
    }[kind]()
    request.session.set_expiry(value)
    return described(request)


@require_POST
def cycle(request):
    request.session.cycle_key()
    return described(request)

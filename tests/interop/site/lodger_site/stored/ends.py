"""When a session ends whose store keeps no date."""

import json
from datetime import datetime, timedelta

from django.conf import settings

from lodger_site.instants import utc


def ends(text, written):
    """By what the session itself asks for, counted from when it was written."""
    try:
        asked = json.loads(text or "{}").get("_session_expiry")
    except (ValueError, AttributeError):
        asked = None
    if isinstance(asked, str):
        return utc(datetime.fromisoformat(asked))
    return utc(written + timedelta(seconds=asked or settings.SESSION_COOKIE_AGE))

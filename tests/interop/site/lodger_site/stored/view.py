"""What is stored, over HTTP."""

from django.http import JsonResponse
from django.views.decorators.http import require_http_methods

from lodger_site.stored.room import room


@require_http_methods(["GET", "POST"])
def stored(request):
    """GET what lies under `key`, or null. POST `session_data` to plant it under a new key, or
    `document` to have that text signed as Django signs it; with `key` and `seconds` to move its end."""
    if request.method == "GET":
        return JsonResponse(room().find(request.GET["key"]), safe=False)
    seconds = float(request.POST.get("seconds", 3600))
    if "key" in request.POST:
        return JsonResponse(room().move(request.POST["key"], seconds))
    data = request.POST.get("session_data")
    if data is None:
        data = room().sign(request.POST["document"])
    return JsonResponse(room().plant(data, seconds))

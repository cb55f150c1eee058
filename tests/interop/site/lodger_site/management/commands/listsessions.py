"""All rows as JSON, in the order of their expiry, decoded by Django's signing alone."""

import json

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand

from lodger_site.rows import stored


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        rows = Session.objects.order_by("expire_date")
        self.stdout.write(json.dumps([stored(row) for row in rows]))

"""Writes sessions that expire one after the other, a step apart, beginning now."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from lodger_site.instants import in_seconds


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("count", type=int)
        parser.add_argument("--step", type=float, required=True, help="milliseconds")

    def handle(self, *args, count, step, **options):
        store = SessionStore()
        # A whole second first: its text on SQLite has no fraction.
        begin = in_seconds(0).replace(microsecond=0)
        rows = []
        for number in range(count):
            row = store.create_model_instance({"number": number})
            row.session_key = store._get_new_session_key()
            row.expire_date = begin + timedelta(milliseconds=number * step)
            rows.append(row)
        store.model.objects.bulk_create(rows)
        self.stdout.write(str(count))

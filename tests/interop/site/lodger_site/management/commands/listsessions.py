"""All that is stored as JSON, in the order of its end; with keys, what lies under each of them."""

import json

from django.core.management.base import BaseCommand

from lodger_site.stored.room import room


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("keys", nargs="*")

    def handle(self, *args, keys, **options):
        found = [row for row in map(room().find, keys) if row] if keys else room().everything()
        self.stdout.write(json.dumps(found))

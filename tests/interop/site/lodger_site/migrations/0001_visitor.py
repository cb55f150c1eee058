"""The user who logs in; the password comes from the environment."""

import os

from django.contrib.auth.hashers import make_password
from django.db import migrations


def make_visitor(apps, schema_editor):
    user = apps.get_model("auth", "User")
    user.objects.create(
        username="visitor", password=make_password(os.environ["INTEROP_PASSWORD"])
    )


class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_visitor, migrations.RunPython.noop)]

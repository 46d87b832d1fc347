"""Material and stage of a reference, for the filters of the register; those of a lot are read at the lot."""

import json
from base64 import b64decode

from django.db import migrations, models


def fill(apps, schema_editor):
    for one in apps.get_model("epd", "Declaration").objects.filter(lot=None).select_related("statement"):
        body = json.loads(b64decode(json.loads(bytes(one.statement.envelope))["payload"]))["body"]
        one.material, one.lot_stage = body["material"], body["stage"]
        one.save(update_fields=["material", "lot_stage"])


class Migration(migrations.Migration):
    dependencies = [("epd", "0004_verification")]

    operations = [
        migrations.AddField(
            "declaration", "material", models.CharField(blank=True, db_default="", default="", max_length=120)
        ),
        migrations.AddField(
            "declaration", "lot_stage", models.CharField(blank=True, db_default="", default="", max_length=20)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

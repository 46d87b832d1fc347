"""Events that were captured before are asked for by their facts, too."""

import json

from django.db import migrations

from traceability.epcis.facts import facts_of
from traceability.epcis.vocabulary import EVENT_TYPES

CHUNK = 500


def fill(apps, schema_editor):
    events, facts = (apps.get_model("traceability", name) for name in ("EpcisEvent", "EpcisFact"))
    newest = 0
    while rows := list(events.objects.filter(pk__gt=newest).order_by("pk")[:CHUNK]):
        newest = rows[-1].pk
        known = [row for row in rows if row.event_type in EVENT_TYPES]
        facts.objects.bulk_create(
            facts(event=row, **fact._asdict()) for row in known for fact in facts_of(json.loads(row.body))
        )


def empty(apps, schema_editor):
    apps.get_model("traceability", "EpcisFact").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("traceability", "0035_epcis_facts")]
    operations = [migrations.RunPython(fill, empty)]

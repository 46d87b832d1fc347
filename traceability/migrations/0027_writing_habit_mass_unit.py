"""The unit in which a person reads masses beside the signed kg."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("traceability", "0026_figures_approval"),
    ]

    operations = [
        migrations.AddField(
            model_name="writinghabit",
            name="mass_unit",
            field=models.CharField(
                blank=True,
                choices=[("t", "tonnes (t)"), ("g", "grams (g)"), ("lb", "pounds (lb)")],
                db_default="",
                default="",
                max_length=2,
            ),
        ),
    ]

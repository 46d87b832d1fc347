import django.db.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("traceability", "0012_operations")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("statement", "Statement"), ("partner", "Partner"), ("document", "Document")],
                        max_length=9,
                    ),
                ),
                ("source", models.BigIntegerField()),
                ("subject", models.UUIDField(db_index=True)),
                ("disclosure", models.CharField(blank=True, max_length=43)),
                ("text", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("disclosure", ""), _negated=True),
                        fields=["disclosure"],
                        name="search_disclosure",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "source", "subject", "disclosure"), name="one_search_text"
                    )
                ],
            },
        ),
    ]

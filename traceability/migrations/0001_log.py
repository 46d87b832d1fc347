import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions.text import Length
from django.db.models.lookups import Exact

KEY_KINDS = ["key.add", "key.revoke", "key.rotate", "organisation.register"]


def _hashes(model: str, *names: str) -> models.CheckConstraint:
    condition = models.Q()
    for name in names:
        condition &= models.Q(Exact(Length(name), 32))
    return models.CheckConstraint(condition=condition, name=f"traceability_{model}_hashes_of_32_bytes")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PlatformKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organisation", models.UUIDField(db_index=True)),
                ("key_id", models.BinaryField(max_length=32, unique=True)),
                ("public_key", models.BinaryField(max_length=32)),
                ("sealed_private", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("key_id", models.BinaryField(max_length=32, unique=True)),
                ("public_key", models.BinaryField()),
                ("sealed_private", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("urn", models.UUIDField()),
                ("issuer", models.UUIDField()),
                ("kind", models.CharField(max_length=60)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("envelope", models.BinaryField()),
                ("leaf_hash", models.BinaryField(max_length=32)),
                ("key_id", models.BinaryField(max_length=32)),
                ("accepted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "urn"), name="one_statement_per_issuer_and_urn"),
                    _hashes("statement", "digest", "leaf_hash", "key_id"),
                ],
                "indexes": [
                    models.Index(
                        fields=["issuer", "id"],
                        condition=models.Q(kind__in=KEY_KINDS),
                        name="statement_about_keys",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="traceability.statement",
                    ),
                ),
                ("subject", models.UUIDField()),
                ("seq", models.PositiveBigIntegerField()),
                ("role", models.CharField(max_length=10)),
                ("custody_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "seq"), name="one_statement_per_subject_and_seq"),
                    _hashes("chainlink", "custody_hash"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueEntry",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="waiting",
                        serialize=False,
                        to="traceability.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="traceability.statement",
                    ),
                ),
                ("leaf_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="log_index_not_negative"),
                    _hashes("logentry", "leaf_hash"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("cosigned_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["size", "id"], name="checkpoint_by_size")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="checkpoint_size_not_negative"),
                    _hashes("checkpoint", "root"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogState",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("frontier", models.BinaryField()),
                (
                    "published",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="traceability.checkpoint",
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_log_state")],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="MapTile",
            fields=[
                ("prefix", models.BinaryField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
        ),
    ]

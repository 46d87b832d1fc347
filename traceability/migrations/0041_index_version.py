from django.db import migrations, models


class Migration(migrations.Migration):
    """Rows that are there were written before versions were counted: `migrate` makes the index anew after it."""

    dependencies = [
        ('traceability', '0040_later_bundles'),
    ]

    operations = [
        migrations.AddField(
            model_name='logstate',
            name='index_version',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='logstate',
            name='index_version',
            field=models.SmallIntegerField(default=1),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('traceability', '0022_product_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='writinghabit',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='writinghabit',
            name='numbers',
            field=models.CharField(blank=True, choices=[('point', 'With a decimal point'), ('comma', 'With a decimal comma')], max_length=5),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('orgs', '0004_days_of_units'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Template',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('order', 'supervision order'), ('chase', 'chasing sheet'), ('reminder', 'letter of reminder'), ('rectify', 'notice of rectification'), ('talk', 'notice of a talk'), ('extension', 'request for extension'), ('feedback', 'feedback sheet'), ('closure', 'request for closure'), ('circular', 'supervision circular'), ('conclusion', 'inspection conclusion'), ('special', 'special report'), ('report', 'supervision report'), ('bulletin', 'bulletin on government affairs'), ('minutes', 'report on what a meeting decided')], max_length=12, verbose_name='kind')),
                    ('number', models.PositiveIntegerField(verbose_name='version')),
                    ('file', models.FileField(upload_to='templates/%Y/', verbose_name='file')),
                    ('file_name', models.CharField(max_length=200)),
                    ('sha256', models.CharField(max_length=64)),
                    ('fields', models.JSONField(default=list, verbose_name='fields named in it')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('at', models.DateTimeField(verbose_name='time')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letter_templates', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'template of letters',
                    'verbose_name_plural': 'templates of letters',
                    'ordering': ['unit', 'kind', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'kind', 'number'), name='letter_template_version_once'), models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('unit', 'kind'), name='one_letter_template_in_use')],
                },
            ),
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('order', 'supervision order'), ('chase', 'chasing sheet'), ('reminder', 'letter of reminder'), ('rectify', 'notice of rectification'), ('talk', 'notice of a talk'), ('extension', 'request for extension'), ('feedback', 'feedback sheet'), ('closure', 'request for closure'), ('circular', 'supervision circular'), ('conclusion', 'inspection conclusion'), ('special', 'special report'), ('report', 'supervision report'), ('bulletin', 'bulletin on government affairs'), ('minutes', 'report on what a meeting decided')], max_length=12, verbose_name='kind')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('fields', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved, not issued'), ('issued', 'issued'), ('void', 'void')], default='draft', max_length=10, verbose_name='state')),
                    ('subject_type', models.CharField(blank=True, max_length=40)),
                    ('subject_id', models.CharField(blank=True, max_length=40)),
                    ('needs_approval', models.BooleanField(default=True)),
                    ('mark', models.CharField(blank=True, max_length=30)),
                    ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('number', models.PositiveIntegerField(blank=True, null=True, verbose_name='number')),
                    ('docx', models.FileField(blank=True, upload_to='letters/%Y/')),
                    ('docx_sha256', models.CharField(blank=True, max_length=64)),
                    ('pdf', models.FileField(blank=True, upload_to='letters/%Y/')),
                    ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                    ('drafted_at', models.DateTimeField(verbose_name='drafted at')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                    ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                    ('issued_date', models.DateField(blank=True, null=True, verbose_name='date of the letter')),
                    ('voided_at', models.DateTimeField(blank=True, null=True)),
                    ('void_reason', models.TextField(blank=True, verbose_name='why it is void')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drafted by')),
                    ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by (person)')),
                    ('recipients', models.ManyToManyField(blank=True, related_name='+', to='orgs.unit', verbose_name='addressees')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='orgs.unit', verbose_name='issuing unit')),
                    ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.template')),
                ],
                options={
                    'verbose_name': 'letter',
                    'verbose_name_plural': 'letters',
                    'ordering': ['-drafted_at', '-id'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='letter_by_subject'), models.Index(fields=['unit', 'state', '-drafted_at'], name='letter_by_unit_and_state')],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'mark', 'year', 'number'), name='letter_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('state__in', ['draft', 'approved'])), models.Q(('issued_at__isnull', False), ('number__isnull', False), ('state__in', ['issued', 'void']), models.Q(('docx_sha256', ''), _negated=True)), _connector='OR'), name='letter_numbered_when_issued'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='drafter_never_approves_letter'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), _negated=True), models.Q(('void_reason', ''), _negated=True), _connector='OR'), name='void_letter_has_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='Mark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('order', 'supervision order'), ('chase', 'chasing sheet'), ('reminder', 'letter of reminder'), ('rectify', 'notice of rectification'), ('talk', 'notice of a talk'), ('extension', 'request for extension'), ('feedback', 'feedback sheet'), ('closure', 'request for closure'), ('circular', 'supervision circular'), ('conclusion', 'inspection conclusion'), ('special', 'special report'), ('report', 'supervision report'), ('bulletin', 'bulletin on government affairs'), ('minutes', 'report on what a meeting decided')], max_length=12, verbose_name='kind')),
                    ('mark', models.CharField(max_length=30, verbose_name='mark of the series')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letter_marks', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'mark of a series',
                    'verbose_name_plural': 'marks of series',
                    'ordering': ['unit', 'kind'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'kind'), name='letter_mark_once')],
                },
            ),
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('mark', models.CharField(max_length=30)),
                    ('year', models.PositiveSmallIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letter_series', to='orgs.unit')),
                ],
                options={
                    'verbose_name': 'series of letters',
                    'verbose_name_plural': 'series of letters',
                    'ordering': ['unit', 'mark', '-year'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'mark', 'year'), name='letter_series_once')],
                },
            ),
        ]),
    ]

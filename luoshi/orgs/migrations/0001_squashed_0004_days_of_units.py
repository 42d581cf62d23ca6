"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ('orgs', '0001_initial'),
        ('orgs', '0002_figures_and_absences'),
        ('orgs', '0003_sheet_of_figures'),
        ('orgs', '0004_days_of_units'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'person',
                    'verbose_name_plural': 'people',
                    'ordering': ['username'],
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='what it is for')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='Sheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('units', 'units'), ('people', 'people'), ('posts', 'posts'), ('figures', 'figures')], max_length=10)),
                    ('file_name', models.CharField(max_length=200)),
                    ('rows', models.JSONField(default=list)),
                    ('uploaded_at', models.DateTimeField()),
                    ('applied_at', models.DateTimeField(blank=True, null=True)),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-uploaded_at'],
                },
            ),
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='unit code')),
                    ('name', models.CharField(max_length=120, verbose_name='official name')),
                    ('short_name', models.CharField(blank=True, max_length=60, verbose_name='short name')),
                    ('level', models.CharField(choices=[('province', 'province'), ('city', 'city'), ('county', 'county'), ('department', 'department'), ('township', 'township'), ('village', 'village'), ('group', 'group'), ('company', 'company'), ('division', 'division'), ('team', 'team')], max_length=20, verbose_name='level')),
                    ('category', models.CharField(blank=True, help_text='for pooled comparison', max_length=40, verbose_name='category')),
                    ('path', models.CharField(editable=False, max_length=120, null=True, unique=True)),
                    ('sort', models.PositiveIntegerField(default=0, verbose_name='order')),
                    ('valid_from', models.DateField(verbose_name='valid from')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='orgs.unit', verbose_name='superior unit')),
                ],
                options={
                    'verbose_name': 'unit',
                    'verbose_name_plural': 'units',
                    'ordering': ['path'],
                    'indexes': [models.Index(fields=['-valid_from', '-id'], name='unit_by_first_day'), models.Index(condition=models.Q(('valid_to__isnull', False)), fields=['valid_to'], name='unit_by_last_day')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='unit_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_validity_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('rename', 'renamed'), ('merge', 'merged'), ('split', 'split')], max_length=10)),
                    ('date', models.DateField()),
                    ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='orgs.unit')),
                    ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='orgs.unit')),
                ],
                options={
                    'ordering': ['date'],
                    'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor', 'date'), name='succession_once')],
                },
            ),
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('head', 'head'), ('sponsor', 'leader in charge'), ('office', 'supervision office'), ('handler', 'handler'), ('observer', 'observer')], max_length=10, verbose_name='role')),
                    ('title', models.CharField(blank=True, max_length=60, verbose_name='title')),
                    ('from_date', models.DateField(verbose_name='from')),
                    ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'post',
                    'verbose_name_plural': 'posts',
                    'ordering': ['unit__path', 'role'],
                    'constraints': [models.UniqueConstraint(fields=('person', 'unit', 'role', 'from_date'), name='post_once'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='post_dates_in_order')],
                },
            ),
            migrations.CreateModel(
                name='UnitName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(db_index=True, max_length=120, verbose_name='name')),
                    ('kind', models.CharField(choices=[('official', 'official name'), ('short', 'short name'), ('alias', 'alias')], max_length=10, verbose_name='kind')),
                    ('valid_from', models.DateField(verbose_name='valid from')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='orgs.unit')),
                ],
                options={
                    'ordering': ['unit', 'kind', 'valid_from'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name', 'kind', 'valid_from'), name='unit_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_date', models.DateField(verbose_name='from')),
                    ('to_date', models.DateField(verbose_name='to')),
                    ('note', models.CharField(blank=True, max_length=60, verbose_name='note')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ],
                options={
                    'verbose_name': 'absence',
                    'verbose_name_plural': 'absences',
                    'ordering': ['from_date', 'person'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('to_date__gte', models.F('from_date'))), name='absence_dates_in_order')],
                },
            ),
            migrations.CreateModel(
                name='UnitFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=40, verbose_name='figure')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('value', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='value')),
                    ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'figure of a unit',
                    'verbose_name_plural': 'figures of units',
                    'ordering': ['unit', 'name', 'year'],
                    'constraints': [models.UniqueConstraint(fields=('name', 'year', 'unit'), name='unit_figure_once')],
                },
            ),
        ]),
    ]

"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ('notices', '0001_initial'),
        ('notices', '0002_initial'),
        ('notices', '0003_suggestion_box'),
        ('notices', '0004_urgent_notices'),
        ('notices', '0005_outbox_wishes_and_robots'),
        ('notices', '0006_deliveries_by_day'),
    ]

    initial = True

    dependencies = [
        ('orgs', '0001_squashed_0004_days_of_units'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Suggestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='time')),
                    ('unit_path', models.CharField(blank=True, db_index=True, max_length=120)),
                    ('text', models.TextField(max_length=2000, verbose_name='suggestion')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ],
                options={
                    'verbose_name': 'suggestion',
                    'verbose_name_plural': 'suggestions',
                    'ordering': ['-at', '-id'],
                },
            ),
            migrations.CreateModel(
                name='GroupWish',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('group', models.CharField(choices=[('chased', 'reminders and chasing'), ('given', 'tasks given, changed or taken back'), ('decide', 'what waits for your decision'), ('answered', 'answers to what you sent up'), ('checked', 'inspections and findings'), ('papers', 'papers and letters'), ('other', 'everything else')], max_length=12)),
                    ('how', models.CharField(choices=[('digest', "in the day's digest"), ('now', 'at once'), ('site', 'on this site only')], max_length=8)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_wishes', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'wish for a group of messages',
                    'verbose_name_plural': 'wishes for groups of messages',
                    'indexes': [models.Index(fields=['how', 'person'], name='group_wish_how')],
                    'constraints': [models.UniqueConstraint(fields=('person', 'group'), name='one_wish_a_group')],
                },
            ),
            migrations.CreateModel(
                name='Robot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('channel', models.CharField(choices=[('mail', 'e-mail'), ('dingtalk', 'DingTalk robot'), ('wecom', 'WeCom robot'), ('feishu', 'Feishu robot'), ('webhook', 'signed webhook')], max_length=10, verbose_name='kind')),
                    ('address', models.CharField(max_length=500, verbose_name='address')),
                    ('secret', models.CharField(blank=True, max_length=200, verbose_name='signing secret')),
                    ('tells_digest', models.BooleanField(default=True, verbose_name="the day's digest")),
                    ('tells_urgent', models.BooleanField(default=True, verbose_name='urgent messages at once')),
                    ('may_disturb', models.BooleanField(default=False, verbose_name='urgent messages also in quiet hours')),
                    ('is_muted', models.BooleanField(default=False, verbose_name='muted')),
                    ('trouble', models.CharField(blank=True, max_length=40)),
                    ('trouble_words', models.CharField(blank=True, max_length=200)),
                    ('paced_at', models.DateTimeField(blank=True, null=True)),
                    ('rests_until', models.DateTimeField(blank=True, null=True)),
                    ('told_until', models.DateTimeField()),
                    ('created_at', models.DateTimeField(verbose_name='added')),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='robots', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'robot',
                    'verbose_name_plural': 'robots',
                    'ordering': ['unit__path', 'name', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Wish',
                fields=[
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='wish', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('digest_at', models.TimeField(blank=True, null=True, verbose_name='time of the digest')),
                    ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                    ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                    ('wants_urgent', models.BooleanField(default=False, verbose_name='urgent messages also in quiet hours')),
                    ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                    ('refused_address', models.CharField(blank=True, max_length=254)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'verbose_name': 'wishes of a person',
                    'verbose_name_plural': 'wishes of people',
                    'indexes': [models.Index(condition=models.Q(('digest_at__isnull', False)), fields=['digest_at'], name='wish_hour')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('mail', 'e-mail'), ('dingtalk', 'DingTalk robot'), ('wecom', 'WeCom robot'), ('feishu', 'Feishu robot'), ('webhook', 'signed webhook')], max_length=10, verbose_name='channel')),
                    ('address', models.CharField(max_length=254, verbose_name='address')),
                    ('unit_path', models.CharField(blank=True, max_length=120)),
                    ('key', models.CharField(max_length=80, unique=True)),
                    ('day', models.DateField()),
                    ('is_digest', models.BooleanField(default=False, verbose_name='digest')),
                    ('is_urgent', models.BooleanField(default=False, verbose_name='urgent')),
                    ('is_test', models.BooleanField(default=False)),
                    ('since', models.DateTimeField(blank=True, null=True)),
                    ('upto', models.DateTimeField()),
                    ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('payload', models.JSONField(blank=True, default=dict)),
                    ('notices', models.PositiveIntegerField(default=0, verbose_name='messages')),
                    ('people', models.PositiveIntegerField(default=1, verbose_name='people')),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('sending', 'being sent'), ('delivered', 'delivered'), ('uncertain', 'uncertain'), ('refused', 'not taken'), ('given_up', 'given up'), ('needless', 'not needed any more'), ('stopped', 'stopped')], default='waiting', max_length=10, verbose_name='state')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('created_at', models.DateTimeField(verbose_name='made')),
                    ('next_at', models.DateTimeField(verbose_name='next attempt')),
                    ('claim', models.CharField(blank=True, max_length=32)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered')),
                    ('trouble', models.CharField(blank=True, max_length=40)),
                    ('trouble_words', models.CharField(blank=True, max_length=200)),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('robot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.robot', verbose_name='robot')),
                ],
                options={
                    'verbose_name': 'delivery',
                    'verbose_name_plural': 'deliveries',
                    'ordering': ['-created_at', '-id'],
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='delivery_due'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_until'], name='delivery_claimed'), models.Index(condition=models.Q(('state', 'sending')), fields=['claim'], name='delivery_claim'), models.Index(fields=['person', '-created_at'], name='delivery_person'), models.Index(fields=['robot', '-created_at'], name='delivery_robot'), models.Index(fields=['day', 'unit_path'], name='delivery_day')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_digest', True), ('person__isnull', False)), fields=('person', 'day'), name='one_digest_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('robot__isnull', False)), models.Q(('person__isnull', False), ('robot__isnull', True)), _connector='OR'), name='delivery_to_person_or_robot'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', False), ('state', 'delivered')), models.Q(('delivered_at__isnull', True), models.Q(('state', 'delivered'), _negated=True)), _connector='OR'), name='delivered_has_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='time')),
                    ('kind', models.CharField(max_length=40, verbose_name='kind')),
                    ('text', models.CharField(max_length=300, verbose_name='message')),
                    ('url', models.CharField(blank=True, max_length=200)),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                    ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                    ('delivery', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='taken', to='notices.delivery')),
                ],
                options={
                    'verbose_name': 'notice',
                    'verbose_name_plural': 'notices',
                    'ordering': ['-at', '-id'],
                    'indexes': [models.Index(fields=['person', 'read_at', '-at'], name='notice_unread'), models.Index(condition=models.Q(('urgent', True)), fields=['at'], name='notice_urgent'), models.Index(condition=models.Q(('delivery__isnull', False)), fields=['delivery'], name='notice_taken')],
                },
            ),
        ]),
    ]

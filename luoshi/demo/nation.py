"""A whole country of units with a million tasks, written set-based: what the benchmarks at a province's size run on.

Everything follows from numbers (the key of a row and the seed), so that a database writes it from statements alone.
"""
# ruff: noqa: S608 - names, numbers and days of our own; nothing typed by anybody gets into these statements

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from luoshi.core.actions import record_entry
from luoshi.core.bulk import insert_like
from luoshi.demo.actions import LOADED, refuse_when_not_empty
from luoshi.demo.planting import ADMINISTRATOR, PASSWORD
from luoshi.orgs.models import Person, Post, Unit, UnitName
from luoshi.orgs.rules import Level, Role
from luoshi.progress.models import Feedback, Standing
from luoshi.tasks.models import CodeSeries, Duty, Milestone, Task
from luoshi.tasks.rules.states import DutyRole, Kind, State

Say = Callable[[str], object]
SINCE = date(2020, 1, 1)
TIERS = (
    ("G", "全国", Level.GROUP), ("S", "省", Level.PROVINCE), ("C", "市", Level.CITY), ("X", "县", Level.COUNTY),
    ("Z", "镇", Level.TOWNSHIP), ("V", "村", Level.VILLAGE),
)  # fmt: skip
OFFICES = "('group', 'province', 'city', 'county')"
PARTS, MEASURES = 5, 8  # a county's own task has five parts of eight measures
OWN = 1 + PARTS + PARTS * MEASURES
REPORTED = "('in_progress', 'submitted', 'completed', 'closed', 'returned')"


@dataclass(frozen=True, slots=True)
class Country:
    """How many units of each tier, how many tasks; trees of six tiers take about two thirds of them."""

    provinces: int = 31
    cities: int = 333
    counties: int = 2_850
    townships: int = 38_785
    villages: int = 0
    tasks: int = 1_000_000

    @property
    def counts(self) -> tuple[int, ...]:
        return 1, self.provinces, self.cities, self.counties, self.townships, self.villages

    @property
    def governed(self) -> int:
        """Units above the villages; each has a part of every national task."""
        return sum(self.counts[:5])

    @property
    def trees(self) -> int:
        """National tasks: one part a unit down to the townships, and a measure of each township."""
        return max(1, self.tasks * 2 // 3 // (self.governed + self.townships))

    @property
    def own(self) -> int:
        """Tasks of its own that each county has."""
        left = self.tasks - self.trees * (self.governed + self.townships)
        return max(0, round(left / OWN / self.counties))


def country_of(units: int, *, tasks: int, villages: int = 0) -> Country:
    """A country of about so many units above the villages, in the proportions of the model."""
    model = Country()
    share = units / model.governed
    provinces, cities, counties, townships = (max(2, round(count * share)) for count in model.counts[1:5])
    return Country(provinces, cities, counties, townships, villages, tasks)


def generate_country(*, now: datetime, country: Country, seed: int = 1, say: Say = print) -> None:
    """Write a country into an empty database: one transaction, one entry. Raises DatabaseNotEmpty."""
    with transaction.atomic():
        refuse_when_not_empty()
        _plant_units(country)
        say(f"{sum(country.counts)} 个单位 · units")
        _plant_people()
        sower = _Sower(country, now=now, seed=seed)
        sower.sow()
        _go_on_after(Unit, Person, Task)
        by = Person.objects.get(username=ADMINISTRATOR)
        root = Unit.objects.get(pk=1)
        record_entry(LOADED, by=by, now=now, subject=root, rows={"Task": sower.written}, units=sum(country.counts))
    say(f"{sower.written} 项任务 · tasks")


def _numbers(count: int | str, *, name: str = "k") -> str:
    """SQL of a table of the whole numbers from 0 up to `count`."""
    last = f"(SELECT CAST({count} AS bigint) - 1)"
    if connection.vendor == "postgresql":
        return f"(SELECT n FROM generate_series(0, {last}) AS g(n)) AS {name}"
    up = f"WITH RECURSIVE up(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < {last})"
    return f"({up} SELECT n FROM up WHERE n <= {last}) AS {name}"


def _padded(number: str, width: int) -> str:
    """SQL of a whole number with zeros before it."""
    if connection.vendor == "postgresql":
        return f"LPAD(CAST({number} AS text), {width}, '0')"
    return f"printf('%%0{width}d', {number})"


def _day(first: date, days: str) -> str:
    """SQL of the day so many days after the first."""
    if connection.vendor == "postgresql":
        return f"(DATE '{first}' + CAST({days} AS integer))"
    return f"date('{first}', '+' || ({days}) || ' days')"


def _plant_units(country: Country) -> None:
    """Tier by tier, each tier spread evenly over the one above."""
    first, above = 1, 0
    for depth, ((letter, word, level), count) in enumerate(zip(TIERS, country.counts, strict=True)):
        if not count:
            continue
        key, over = f"({first} + k.n)", f"({above} + k.n * {country.counts[depth - 1]} / {count})"
        joined = f"{_numbers(count)} JOIN orgs_unit p ON p.id = {over}" if depth else _numbers(count)
        name = f"'第' || (k.n + 1) || '{word}'" if depth else f"'{word}'"
        insert_like(
            Unit(level=level.value, valid_from=SINCE), joined, [], id=key, sort="k.n + 1",
            parent_id="p.id" if depth else "CAST(NULL AS bigint)", short_name=name,
            code=f"'{letter}' || {_padded('k.n + 1', 6)}",
            name=f"{name} || '{'人民政府' if depth < 5 else '民委员会'}'",
            path=f"{'p.path || ' if depth else ''}{_padded(key, 8)}",
        )  # fmt: skip
        first, above = first + count, first
    insert_like(UnitName(kind=UnitName.OFFICIAL, valid_from=SINCE), "orgs_unit u", [], unit_id="u.id", name="u.name")
    short = UnitName(kind=UnitName.SHORT, valid_from=SINCE)
    insert_like(short, "orgs_unit u", [], unit_id="u.id", name="u.short_name")


def _plant_people() -> None:
    """A head everywhere (whose key is the unit's and one); an office in each government, a handler in each township."""
    kept = make_password(PASSWORD)
    admin = Person(username=ADMINISTRATOR, name="系统管理员", password=kept, is_superuser=True, is_staff=True)
    admin.save()
    for role, title, units in (
        (Role.HEAD, "主要负责人", "u.level <> ''"),
        (Role.OFFICE, "督查室", f"u.level IN {OFFICES}"),
        (Role.HANDLER, "承办人", "u.level = 'township'"),
    ):
        username = f"LOWER(u.code) || '.{role.value}'"
        insert_like(
            Person(password=kept, name=title), f"orgs_unit u WHERE {units}", [],
            username=username, name=f"u.short_name || '{title}'", **({"id": "u.id + 1"} if role == Role.HEAD else {}),
        )  # fmt: skip
        _go_on_after(Person)
        insert_like(
            Post(role=role.value, title=title, from_date=SINCE),
            f"orgs_unit u JOIN orgs_person w ON w.username = {username} WHERE {units}", [],
            unit_id="u.id", person_id="w.id",
        )  # fmt: skip


class _Sower:
    """Writes the tasks of a country layer by layer; a key says what a row is."""

    def __init__(self, country: Country, *, now: datetime, seed: int) -> None:
        self.country, self.now, self.seed = country, now, seed
        self.today = timezone.localtime(now).date()
        self.first = date(self.today.year, 1, 6)
        self.next = 1
        self.written = 0
        self.office = Person.objects.get(username="g000001.office")

    def sow(self) -> None:
        """The national tasks, those of the counties, and what hangs on every task."""
        self._sow_national()
        self._sow_own()
        self._lead_all()
        self._report()
        self._roll_up()
        self._number()

    def _draw(self, key: str, below: int, *, salt: int) -> str:
        """SQL of a number from 0 up to `below` that follows from a key and the seed."""
        return f"(({key} * 7919 + {salt * 104_729 + self.seed * 1_299_709}) %% 1000003 * 31 %% {below})"

    def _layer(self, source: str, *, key: str, parent: str, owner: str, kind: Kind, leaf: bool = False) -> None:
        """Insert the tasks of one layer; the parts of a task say what it says, as those of a cascade do."""
        due = _day(self.today - timedelta(days=40), self._draw(key, 200, salt=1))
        like = Task(
            standard="完成率100%，现场逐点核对", kind=kind.value, urgency=3, state=State.IN_PROGRESS.value,
            start_date=self.first, cadence="monthly", cadence_day=28, created_by=self.office, created_at=self.now,
            dispatched_at=self.now,
        )  # fmt: skip
        words = "产业项目", "民生实事", "城乡环境", "水利设施", "医疗教育", "数字政府"
        whens = "".join(f"WHEN {n} THEN '{word}' " for n, word in enumerate(words))
        said = f"CASE {self._draw(key, 6, salt=2)} {whens}END || '第' || {key} || '项工作'"
        above = "'完成' || t" if leaf else "t"
        self.written += insert_like(
            like, source, [], id=key, parent_id=parent or "CAST(NULL AS bigint)", owner_id=owner,
            path=f"{'t.path || ' if parent else ''}{_padded(key, 10)}", due_date=due, original_due_date=due,
            title=f"{above}.title" if parent else f"'推进' || {said}",
            requirement="t.requirement" if parent else f"'按月推进' || {said} || '，形成实物工作量。'",
            code=f"'N{self.today.year}-' || {_padded(key, 8)}",
            sponsor_id=f"CASE WHEN {self._draw(key, 20, salt=3)} = 0 THEN {owner} + 1 END",
            asked_by_id=f"CASE WHEN {self._draw(key, 40, salt=6)} = 0 THEN {owner} + 1 END",
            tier=f"CASE WHEN {self._draw(key, 20, salt=3)} = 0 THEN 1 WHEN {self._draw(key, 20, salt=3)} < 5 THEN 2 "
            "ELSE 3 END", **({"state": self._fate(key)} if leaf else {}),
        )  # fmt: skip

    def _fate(self, key: str) -> str:
        fates = ("acknowledged", "dispatched", "submitted", "completed", "closed")
        whens = "".join(f"WHEN {n} THEN '{state}' " for n, state in enumerate(fates))
        return f"CASE {self._draw(key, 12, salt=4)} {whens}ELSE 'in_progress' END"

    def _sow_national(self) -> None:
        """Each national task passes from tier to tier; the sixth layer is a measure of each township."""
        size, first = self.country.governed, self.next
        key = f"({first} + k.n * {size} + u.id - 1)"
        over = f"({first} + k.n * {size} + u.parent_id - 1)"
        for depth, (_letter, _word, level) in enumerate(TIERS[:5]):
            source = f"{_numbers(self.country.trees)} CROSS JOIN orgs_unit u"
            joined = f" JOIN tasks_task t ON t.id = {over}" if depth else ""
            where = f" WHERE u.level = '{level.value}'"
            owner = "u.parent_id" if depth else "u.id"
            self._layer(
                source + joined + where, key=key, parent="t.id" if depth else "", owner=owner, kind=Kind.MEASURE
            )
        last = first + self.country.trees * size
        lowest = f"(1 + {size - self.country.townships})"
        leaf = f"({last} + k.n * {self.country.townships} + u.id - {lowest})"
        source = f"{_numbers(self.country.trees)} CROSS JOIN orgs_unit u JOIN tasks_task t ON t.id = {key}"
        where = " WHERE u.level = 'township'"
        self._layer(source + where, key=leaf, parent="t.id", owner="u.id", kind=Kind.ACTION, leaf=True)
        self.next = last + self.country.trees * self.country.townships

    def _sow_own(self) -> None:
        """Each county's own tasks of five parts of eight measures."""
        roots = self.country.own * self.country.counties
        place = 1 + sum(self.country.counts[:3])
        tops, parts = self.next, self.next + roots
        leaves = parts + roots * PARTS
        self._layer(
            _numbers(roots), key=f"({tops} + k.n)", parent="", kind=Kind.INITIATIVE,
            owner=f"({place} + k.n %% {self.country.counties})",
        )  # fmt: skip
        for first, above, width, kind in ((parts, tops, PARTS, Kind.MEASURE), (leaves, parts, MEASURES, Kind.ACTION)):
            count = roots * PARTS if first == parts else roots * PARTS * MEASURES
            source = f"{_numbers(count)} JOIN tasks_task t ON t.id = {above} + k.n / {width}"
            key = f"({first} + k.n)"
            self._layer(source, key=key, parent="t.id", owner="t.owner_id", kind=kind, leaf=first == leaves)
        self.next = leaves + roots * PARTS * MEASURES
        self.own_parts = parts

    def _lead_all(self) -> None:
        """A unit leads its national part and its measure; a county's own work is led by its townships in turn."""
        at = timezone.make_aware(datetime.combine(self.first, datetime.min.time()))
        like = Duty(role=DutyRole.LEAD.value, acknowledged_at=at, acknowledged_by=self.office)
        size, trees, towns = self.country.governed, self.country.trees, self.country.townships
        lead = f"CASE WHEN t.id <= {trees * size} THEN (t.id - 1) %% {size} + 1 {self._village()}ELSE t.owner_id END"
        source = "tasks_task t JOIN orgs_unit u ON u.id = "
        below = trees * (size + towns)
        insert_like(
            like, f"{source}{lead} WHERE t.id <= {below} OR t.id < {self.own_parts}", [],
            task_id="t.id", unit_id="u.id", written_name="u.short_name",
        )  # fmt: skip
        towns_of = (
            "(SELECT parent_id, MIN(id) AS low, COUNT(*) AS n FROM orgs_unit WHERE level = 'township' GROUP BY 1)"
        )
        for role, step, some in ((DutyRole.LEAD, 0, ""), (DutyRole.CO, 1, " AND t.id %% 2 = 0 AND c.n > 1")):
            unit = f"c.low + (t.id + {step}) %% c.n"
            insert_like(
                Duty(role=role.value, acknowledged_at=at, acknowledged_by=self.office),
                f"tasks_task t JOIN {towns_of} c ON c.parent_id = t.owner_id JOIN orgs_unit u ON u.id = {unit} "
                f"WHERE t.id >= {self.own_parts}{some}", [],
                task_id="t.id", unit_id="u.id", written_name="u.short_name",
            )  # fmt: skip

    def _village(self) -> str:
        """SQL: nine of ten measures of a township are led by one of its villages, if there are any."""
        towns, villages, size = self.country.townships, self.country.villages, self.country.governed
        width = min(9, villages // towns)
        if not width:
            return ""
        first = f"((t.owner_id - {size - towns + 1}) * {villages} + {towns - 1}) / {towns}"
        return f"WHEN t.id %% 10 > 0 THEN {size + 1} + {first} + t.id %% {width} "

    def _report(self) -> None:
        """Standings of the leaves, a report of every third that has one, milestones of every tenth task."""
        drawn = self._draw("t.id", 100, salt=5)
        percent = f"CASE WHEN t.state IN ('completed', 'closed', 'submitted') THEN 100 ELSE {drawn} END"
        leaves = "tasks_task t WHERE NOT EXISTS (SELECT 1 FROM tasks_task c WHERE c.parent_id = t.id)"
        insert_like(
            Standing(), leaves, [], task_id="t.id",
            own_percent=f"CASE WHEN t.state IN {REPORTED} AND t.id %% 5 > 0 THEN {percent} END",
            submitted_date=f"CASE WHEN t.state = 'submitted' THEN {_day(self.today, '0')} END",
        )  # fmt: skip
        with connection.cursor() as cursor:
            done = "(SELECT 1 FROM tasks_task t WHERE t.id = task_id AND t.state IN ('completed', 'closed'))"
            cursor.execute(
                f"UPDATE progress_standing SET percent = CASE WHEN EXISTS {done} THEN 100 ELSE own_percent END"
            )
            cursor.execute("UPDATE progress_standing SET reported = CASE WHEN percent IS NULL THEN 0 ELSE 1 END")
        insert_like(
            Feedback(at=self.now, period=f"{self.today:%Y-%m}", by=self.office),
            "progress_standing s JOIN tasks_duty d ON d.task_id = s.task_id AND d.role = 'lead' "
            "WHERE s.own_percent IS NOT NULL AND s.task_id %% 3 = 0", [],
            task_id="s.task_id", unit_id="d.unit_id", percent="s.own_percent",
            done="'已完成第' || s.task_id || '项阶段工作'",
        )  # fmt: skip
        for n in range(1, 5):
            insert_like(
                Milestone(name=f"节点{n}", due_date=date(self.today.year, 3 * n, 28), percent=25 * n),
                "tasks_task t WHERE t.id %% 10 = 0", [], task_id="t.id",
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tasks_task SET has_path = true WHERE id %% 10 = 0", [])

    def _roll_up(self) -> None:
        """Standings of the parents, the lowest layer first, as rules.rollup works them out."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT MAX(LENGTH(path)) FROM tasks_task")
            longest = cursor.fetchone()[0]
        points = "CAST(ROUND(s.percent * 10000) AS bigint)"
        total, given = f"CAST(SUM({points}) AS bigint)", "COUNT(s.percent)"
        for length in range(longest - 10, 0, -10):
            source = (
                "tasks_task t JOIN tasks_task c ON c.parent_id = t.id JOIN progress_standing s ON s.task_id = c.id "
                f"WHERE LENGTH(t.path) = {length} GROUP BY t.id"
            )
            insert_like(
                Standing(), source, [], task_id="t.id", weight=given, weighted=f"COALESCE({total}, 0) / 10000.0",
                percent=f"CASE WHEN {given} > 0 THEN (2 * {total} + {given}) / (2 * {given}) / 10000.0 END",
                reported="SUM(s.reported)", expected="SUM(s.expected)",
            )  # fmt: skip

    def _number(self) -> None:
        """Numbers go on after those that were taken (the codes here are of another form)."""
        CodeSeries.objects.get_or_create(unit_id=1, year=self.today.year)


def _go_on_after(*tables: type[Model]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)

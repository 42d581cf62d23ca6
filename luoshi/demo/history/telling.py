"""How the county's people were told outside the site: some by letter, the office's chat by a robot, now muted."""

from datetime import datetime, timedelta
from functools import partial

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.notices.actions.composing import compose
from luoshi.notices.actions.making import make_digests
from luoshi.notices.actions.robots import mute_robot
from luoshi.notices.actions.wishing import set_wishes
from luoshi.notices.models import Delivery, Robot
from luoshi.notices.queries.wishes import get_wishes_of

DAYS = 4
READERS = ("office", "deptclerk", "townclerk")


def expect_telling(scene: Scene) -> None:
    """Write into the diary the digests of the last working days, and the robot's end."""
    day = scene.diary.today
    for number in range(DAYS):
        day = scene.diary.workday_before(day - timedelta(days=1))
        scene.diary.put(day, 8, partial(_tell, scene), minute=30)
        if number == 0:
            scene.diary.put(day, 17, partial(_mute, scene))
    scene.diary.put(scene.diary.workday_before(day - timedelta(days=1)), 16, partial(_begin, scene))


def _begin(scene: Scene, now: datetime) -> None:
    """Three people give an address, the office adds a robot."""
    for name in READERS:
        person = scene.person(name)
        set_wishes(
            person, email=f"{name}@qinghe.example", digest_at=None, quiet_from=None, quiet_until=None,
            wants_urgent=name == "office", language="", groups={"decide": "now"} if name == "office" else {},
            version=0, by=person, now=now,
        )  # fmt: skip
    Robot.objects.create(  # it leads nowhere: a demo speaks to nobody
        unit=scene.unit(COUNTY), name="督查室工作群", channel="wecom", address="https://robots.qinghe.example/send?key=0",
        created_at=now, told_until=now - timedelta(days=3),
    )  # fmt: skip


def _tell(scene: Scene, now: datetime) -> None:
    """The morning's digests, as they were sent."""
    make_digests(now, with_mail=True)
    sent = list(Delivery.objects.filter(state="waiting").select_related("person", "robot__unit"))
    compose(sent, wishes=get_wishes_of(scene.person(name).pk for name in READERS), now=now)
    for delivery in sent:
        if delivery.subject:
            delivery.state, delivery.attempts = "delivered", 1
            delivery.delivered_at = now + timedelta(minutes=2)
        else:
            delivery.state = "needless"
        delivery.save()


def _mute(scene: Scene, now: datetime) -> None:
    robot = Robot.objects.get(unit=scene.unit(COUNTY))
    mute_robot(robot, is_muted=True, version=robot.version, by=scene.person("office"), now=now)

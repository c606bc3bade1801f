"""The sample data of the demo: a shop's namespaces, in every status, with values of every kind."""

import time
import uuid
from collections.abc import Iterator
from typing import Final

import msgspec

from kvtui.protocol import DEFAULT_CONTENT_TYPE, MAX_KEY_LENGTH
from kvtui.server.dice import Dice
from kvtui.server.lifecycle import Lifecycle
from kvtui.server.sample_values import JSON, TEXT, Example, examples, jwt, png
from kvtui.server.store import NamespaceState, NewEntry, Store
from kvtui.server.timestamps import NANOSECONDS, key_timestamp

MAIN_NAME: Final = "my-cache"
MAIN_ID: Final = "550e8400-e29b-41d4-a716-446655440000"
"""The id that the reference page binds as `MY_CACHE`."""

_DAY: Final = 86_400.0
_NEVER: Final = 100 * 365 * _DAY
_USERS: Final = 2_400
_SESSIONS: Final = 400
_EVENTS: Final = 30_000

_NAMES: Final = (
    "Ada Lovelace",
    "Alan Turing",
    "Barbara Liskov",
    "Chien-Shiung Wu",
    "Dennis Ritchie",
    "Edsger Dijkstra",
    "Frances Allen",
    "Grace Hopper",
    "Hedy Lamarr",
    "Jean Bartik",
    "Katherine Johnson",
    "Ken Thompson",
    "Margaret Hamilton",
    "Niklaus Wirth",
    "Radia Perlman",
    "Søren Kierkegaard",
    "Tim Berners-Lee",
    "Zoë Quinn",
    "李雷",
    "Нина Симонова",
)
_PLANS: Final = ("free", "free", "free", "pro", "pro", "team", "enterprise")
_CITIES: Final = ("Berlin", "Chicago", "Lagos", "Lima", "Osaka", "Oslo", "Paris", "Porto", "Wien")
_FLAGS: Final = (
    "checkout/apple-pay",
    "checkout/one-page",
    "checkout/vouchers",
    "search/fuzzy",
    "search/suggestions",
    "ui/dark-mode",
    "ui/new-header",
    "ops/maintenance",
    "ops/read-only",
)
_EVENT_KINDS: Final = ("order.created", "order.paid", "order.shipped", "cart.updated", "login")


def load_sample(store: Store) -> None:
    """Fill an empty store. Everything is the same every time, relative to the store's clock."""
    now = store.clock()
    ready = Lifecycle(deleting_seconds=6.0)
    shop = _create(store, MAIN_NAME, ready, now - 40 * _DAY, MAIN_ID)
    store.insert(shop, _aged(_shop(now), now))
    store.insert(shop, _expiring(_sessions(_SESSIONS, now), now))
    events = _create(store, "events", ready, now - 31 * _DAY)
    store.insert(events, _events(now))
    sessions = _create(store, "sessions", ready, now - 12 * _DAY)
    store.insert(sessions, _expiring(_sessions(3 * _SESSIONS, now), now))
    flags = _create(store, "feature-flags", ready, now - 9 * _DAY)
    store.insert(flags, _aged(_flags(), now))
    _create(store, "scratch", ready, now - 3600)
    bound = Lifecycle(deleting_seconds=6.0, has_ttl_support=False, is_bound=True)
    archive = _create(store, "archive-2025", bound, now - 38 * _DAY)
    store.insert(archive, _aged(_reports(2025), now - 2 * _DAY))
    _load_unready(store, now)


def _load_unready(store: Store, now: float) -> None:
    """Add one namespace for every status that is not `provision_ok`."""
    pending = _create(store, "staging", Lifecycle(7.0, deleting_seconds=6.0), now)
    store.insert(pending, _aged(_flags(), now))
    failing = Lifecycle(is_provisioning_failing=True, deleting_seconds=6.0)
    _create(store, "eu-replica", failing, now - 2 * _DAY)
    endless = Lifecycle(deleting_seconds=_NEVER)
    store.delete_namespace(_create(store, "old-sessions", endless, now - 20 * _DAY))
    stuck = Lifecycle(is_deleting_failing=True)
    store.delete_namespace(_create(store, "legacy-import", stuck, now - 30 * _DAY))


def _create(
    store: Store,
    name: str,
    lifecycle: Lifecycle,
    created_at: float,
    namespace_id: str | None = None,
) -> NamespaceState:
    namespace_id = namespace_id or str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.shop.example"))
    return store.add_namespace(namespace_id, name, lifecycle, created_at)


def _aged(values: Iterator[Example], now: float) -> Iterator[NewEntry]:
    """Spread the writes over the past: some seconds ago, most days ago, the oldest a month."""
    dice = Dice("age")
    for key, content, content_type in values:
        age = 3.0 + 35 * _DAY * dice.fraction() ** 6
        yield NewEntry(key, content, _written(now - age, dice), content_type)


def _expiring(values: Iterator[Example], now: float) -> Iterator[NewEntry]:
    """Give sessions from half a minute to a day to live, of a day."""
    dice = Dice("lifetime")
    lifetime = _DAY + 60
    for key, content, content_type in values:
        left = 30 + _DAY * dice.fraction() ** 2
        written = _written(now - lifetime + left, dice)
        yield NewEntry(key, content, written, content_type, now + left)


def _written(seconds: float, dice: Dice) -> str:
    return key_timestamp(int(seconds) * NANOSECONDS + dice.below(NANOSECONDS))


def _shop(now: float) -> Iterator[Example]:
    dice = Dice("shop")
    for number in range(1001, 1001 + _USERS):
        yield from _user(number, dice)
    yield from _flags()
    yield from _reports(2026)
    yield from _day_logs(now, dice)
    yield from _awkward_keys()
    yield from examples()
    yield "config", b'{"region":"fra","cache_seconds":300}', JSON
    yield "config/limits", b'{"requests_per_minute":600}', JSON
    yield "readme", b"The cache of the shop. Everything here can be rebuilt.\n", TEXT
    yield "auth/token", jwt("service/shop", int(now) - 120, dice), TEXT


def _user(number: int, dice: Dice) -> Iterator[Example]:
    name = dice.pick(_NAMES)
    profile = {
        "id": number,
        "name": name,
        "city": dice.pick(_CITIES),
        "plan": dice.pick(_PLANS),
        "orders": dice.below(40),
        "verified": dice.below(5) > 0,
        "phone": None if dice.below(3) else f"+1555{dice.below(10**7):07d}",
    }
    theme, volume = dice.pick(("dark", "light", "system")), dice.below(11)
    settings = f'{{"theme":"{theme}","volume":{volume},"newsletter":false}}'
    yield f"user/{number}/profile", msgspec.json.encode(profile), JSON
    yield f"user/{number}/settings", settings.encode(), JSON
    if number % 60 == 0:
        yield f"user/{number}", b"active", TEXT
        yield f"user/{number}/avatar.png", png(24, 24, dice), "image/png"
    if number % 5 == 0:
        cart = [{"sku": f"SKU-{dice.below(900):03d}", "quantity": 1 + dice.below(4)}]
        yield f"cart/{number}", msgspec.json.encode({"items": cart}), JSON


def _day_logs(now: float, dice: Dice) -> Iterator[Example]:
    for hours_ago in range(24 * 12):
        hour = time.strftime("%Y/%m/%d/%H", time.gmtime(now - 3600 * hours_ago))
        lines = (
            f'{{"minute":{minute},"status":{dice.pick((200, 200, 200, 304, 404, 500))},'
            f'"ms":{dice.below(900)}}}\n'
            for minute in range(0, 60, 6)
        )
        yield f"logs/{hour}", "".join(lines).encode(), "application/x-ndjson"


def _awkward_keys() -> Iterator[Example]:
    """Yield keys that are legal and that software stumbles over."""
    long_key = "long/" + "0123456789abcdef/" * 20
    for key in (
        "a//b",
        "/leading",
        "trailing/",
        "//",
        ".env",
        "...",
        "a./.b",
        "=15551234567",
        "-dash",
        "_underscore",
        "UPPER/lower/MiXeD",
        "eq=a=b==",
        long_key[:MAX_KEY_LENGTH],
    ):
        yield key, f"The key of this value is {key}\n".encode(), TEXT


def _flags() -> Iterator[Example]:
    dice = Dice("flags")
    for flag in _FLAGS:
        yield f"flags/{flag}", dice.pick((b"true", b"false")), DEFAULT_CONTENT_TYPE
        rollout = {"percent": dice.below(101), "cities": [dice.pick(_CITIES)]}
        yield f"flags/{flag}/rollout", msgspec.json.encode(rollout), JSON


def _reports(year: int) -> Iterator[Example]:
    dice = Dice(f"reports {year}")
    for month in range(1, 13):
        rows = (f"{day},{dice.below(200)},{dice.below(9000)}.00\n" for day in range(1, 29))
        report = "day,orders,revenue\n" + "".join(rows)
        yield f"reports/{year}/{month:02d}.csv", report.encode(), "text/csv"


def _sessions(count: int, now: float) -> Iterator[Example]:
    dice = Dice(f"{count} sessions")
    for number in range(count):
        key = f"session/{dice.content(8).hex()}"
        if number % 3:
            user = 1001 + dice.below(_USERS)
            yield key, f'{{"user":{user},"csrf":"{dice.content(6).hex()}"}}'.encode(), JSON
        else:
            yield key, jwt(f"user/{number}", int(now) - dice.below(9000), dice), TEXT


def _events(now: float) -> Iterator[NewEntry]:
    """Yield a month of events, one every 88 seconds or so, the last one just now."""
    dice = Dice("events")
    step = 30 * _DAY / _EVENTS
    hour, folder = -1, ""
    for age in range(_EVENTS, 0, -1):
        at = now - age * step
        if int(at) // 3600 != hour:
            hour = int(at) // 3600
            folder = time.strftime("%Y/%m/%d/%H", time.gmtime(at))
        kind, amount = dice.pick(_EVENT_KINDS), dice.below(50_000)
        content = f'{{"event":"{kind}","user":{1001 + amount % _USERS},"cents":{amount}}}'
        key = f"{folder}/{int(at) % 3600:04d}-{dice.below(0xFFFFFF):06x}"
        yield NewEntry(key, content.encode(), _written(at, dice), JSON)

"""How long a decision takes, uncached, at 1,000, 10,000 and 100,000 grants; and its share of a request to an app.

`python bench/access/bench_access.py [--checks N] [--seconds N]`
"""

import argparse
import asyncio
import contextlib
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "gateway"))

import bench_gateway
import fake_hub
import load

from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.interfaces import Action, Grant, Membership, Policy, Resource, Role
from hothouse.access.kinds import Kinds
from hothouse.access.platform import group_kind, platform_kind
from hothouse.access.policies import Policies
from hothouse.apps.sharing import app_kind
from hothouse.gateway.admission import Admission, _Entry
from hothouse.gateway.admission import Decision as Admitted
from hothouse.gateway.credentials import Credential, find_credential
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User
from hothouse.kit.clock import SystemClock

SIZES = (1_000, 10_000, 100_000)
ROLES = ("viewer", "editor", "denied", *(f"custom-{number}" for number in range(5)))
ACTIONS = (Action.APP_OPEN, Action.APP_VIEW, Action.APP_EDIT, Action.APP_SHARE)
TARGET_MS, TARGET_SHARE = 1.0, 0.10


def world(grants: int, dice: random.Random) -> Iterator[Policy]:
    """Yield grants, a third of them to groups; every person is in three groups, every second group in another."""
    users, groups, apps = max(10, grants // 10), max(4, grants // 100), max(10, grants // 20)
    for number in range(5):
        yield Role("app", f"custom-{number}", frozenset(dice.sample([*ACTIONS], 2)))
    for number in range(users):
        for group in dice.sample(range(groups), 3):
            yield Membership(f"g{group}", f"user:u{number}")
    for number in range(1, groups, 2):
        yield Membership(f"g{number - 1}", f"group:g{number}")
    until = datetime.now(UTC) + timedelta(days=1)
    for number in range(grants):
        is_group = number % 3 == 0
        subject = f"group:g{dice.randrange(groups)}" if is_group else f"user:u{dice.randrange(users)}"
        yield Grant(f"app:a{number % apps}", subject, dice.choice(ROLES), until if number % 5 == 0 else None)


def somebody(number: int) -> Principal:
    user = User(id=f"u{number}", name="U", email="u@example.org", role="developer", created_at=datetime.now(UTC))
    return Principal(user, "session")


async def decide(grants: int, checks: int) -> tuple[list[float], list[float], float]:
    """Return how long each check took, in milliseconds, by the wall clock and of the processor's time, and the bytes
    that a grant takes in memory.
    """
    nowhere: Any = None
    dice, policies = random.Random(7), Policies()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    policies.replace(world(grants, dice))
    size = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / grants
    kinds = Kinds(platform_kind(), group_kind(nowhere), app_kind(nowhere))
    authorizer = CasbinAuthorizer(kinds, policies, SystemClock())
    people = [somebody(number) for number in dice.sample(range(max(10, grants // 10)), 10)]
    taken, worked = [], []
    for number in range(checks):
        who, what = people[number % len(people)], f"a{dice.randrange(max(10, grants // 20))}"
        thing = Resource("app", what, "somebody-else", "private", what, what)
        action = dice.choice(ACTIONS)
        began, began_work = time.perf_counter(), time.thread_time()
        await authorizer.check(who, action, thing)
        worked.append((time.thread_time() - began_work) * 1_000)
        taken.append((time.perf_counter() - began) * 1_000)
    return taken, worked, size


async def remembered(rounds: int = 50_000) -> float:
    """Return the seconds it takes a gateway to read a credential and recall the decision on it."""
    hub: Any = None
    admission, route = Admission(hub), SimpleNamespace(app_id="app_1", access="private")
    request: Any = SimpleNamespace(first={b"cookie": f"hothouse_app={fake_hub.SESSION}; theme=dark".encode()})
    credential = Credential(fake_hub.SESSION, is_token=False)
    entry = _Entry(Admitted("allowed"), 0.0, asyncio.get_running_loop().time() + 3_600)
    admission._entries["app_1", credential.digest] = entry  # noqa: SLF001 -- as if the hub had answered
    began = time.perf_counter()
    for _ in range(rounds):
        found = admission.recall(route, find_credential(request, "hothouse_app"))  # type: ignore[arg-type]
    assert found is entry.decision
    return (time.perf_counter() - began) / rounds


def through_gateway(seconds: int) -> float:
    """Return the seconds that a request to an app takes through the gateway, one after the other."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-access-")))
        app, port = bench_gateway.free_port(), bench_gateway.free_port()
        hub, python = folder / "hub.sock", sys.executable
        uvicorn = [python, "-m", "uvicorn", "app_1k:app", "--loop=uvloop", "--http=httptools", "--no-access-log"]
        settings = {"HOME": str(folder), "PORT": str(port), "HUB_LISTEN": f"unix:{hub}", "INTERNAL_KEY": "bench"}
        environment = {f"HOTHOUSE_{key}": value for key, value in settings.items()}
        for command, more in (
            ([*uvicorn, "--log-level=warning", f"--port={app}"], {}),
            ([python, "fake_hub.py", str(hub), f"http://127.0.0.1:{app}"], {}),
            ([python, "-m", "hothouse.cli", "gateway"], environment),
        ):
            stack.enter_context(bench_gateway.started(stack, *command, **more))
        cookie = {"Host": f"bench.apps.localhost:{port}", "Cookie": f"hothouse_app={fake_hub.SESSION}; theme=dark"}
        target = bench_gateway.Target("gateway", f"http://127.0.0.1:{port}/", {"User-Agent": "bench", **cookie})
        bench_gateway.wait_for(target)
        load.run(target.url, target.headers, 1, 1)  # warm up
        return 1 / load.run(target.url, target.headers, 1, seconds).rate


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    print(f"{'grants':>8}{'check p50 ms':>14}{'p99 ms':>9}{'p99 of CPU':>12}{'p50 of 1,000':>14}{'bytes/grant':>13}")
    base, last = 0.0, 0.0
    for grants in SIZES:
        taken, worked, size = asyncio.run(decide(grants, options.checks))
        p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
        last = statistics.quantiles(worked, n=100)[98]  # a check waits for nothing: the rest is other processes' time
        base = base or p50
        print(f"{grants:>8,}{p50:>14.3f}{p99:>9.3f}{last:>12.3f}{p50 / base:>13.2f}x{size:>13,.0f}")
    print(f"at 100,000 grants p99 {last:.3f} ms: target (1 ms) {'reached' if last <= TARGET_MS else 'MISSED'}\n")
    whole, part = through_gateway(options.seconds), asyncio.run(remembered())
    share = part / whole
    print(f"a request through the gateway takes {whole * 1e6:,.0f} us, of which authorisation {part * 1e6:,.1f} us: "
          f"{share:.1%}, target (10%) {'reached' if share <= TARGET_SHARE else 'MISSED'}")  # fmt: skip


if __name__ == "__main__":
    main()

"""What the broker costs: the same work with PyMongo directly on MongoDB and through the broker, and with mdb-engine.

Every row is measured in turns, several times in one run; shown are the medians of the rates and of the shares of the
direct rate in the same round. MongoDB, the broker and this client are three processes that share the machine's cores,
as they do in an installation on a laptop. mdb-engine is the usual other approach, a wrapper inside the app's process
that adds a condition to each filter; the embedded server answers such filters by reading the whole collection.
"CPU each" is the broker's own processor time per operation, which does not depend on what else the machine does. The
relay only copies bytes: what any process in between costs. "of relay" is the broker's rate as a share of that one's.

    python bench/broker/bench_broker.py [--quick] [--rounds 15] [--seconds 0.25] [--only WORDS] [--check] [--uri URI]
        [--no-wrapper]
"""

import argparse
import asyncio
import contextlib
import os
import sys
import time

from measuring import Measured, measure
from stack import Stack, running_stack
from work import ROWS, Driver, Row, Way
from wrapper import NAME, running_wrapper

RELAY = "relay"
DATABASE, WRAPPER_DATABASE = "hh_bench", "hh_bench_wrapper"
QUICK = {"rounds": 5, "seconds": 0.1}


async def run(options: argparse.Namespace) -> bool:
    """Print the table; return whether every target was reached."""
    async with running_stack(options.uri) as stack, contextlib.AsyncExitStack() as closing:
        closing.push_async_callback(stack.drop, DATABASE, WRAPPER_DATABASE)
        ways = await _ways(stack, closing, options)
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {options.rounds} rounds")
        _print_head(ways)
        reached = True
        for row in (row for row in ROWS if options.only in row.title):
            measured = await measure(row, ways, options.rounds, options.seconds)
            broker = ways["broker"]
            assert isinstance(broker, ThroughBroker)
            _print_row(row, measured, broker.milliseconds_each())
            reached = reached and measured["broker"].ratio >= (row.target or 0)
        print(f"memory of the broker: {stack.memory() / 2**20:.0f} MiB (PSS)")
        return reached


async def _ways(stack: Stack, closing: contextlib.AsyncExitStack, options: argparse.Namespace) -> dict[str, Way]:
    """Open every way to the data, and write what is read."""
    direct, broker = Driver(stack.mongodb_uri, DATABASE), ThroughBroker(stack, await stack.issue("bench", DATABASE))
    for driver in (direct, broker):
        closing.push_async_callback(driver.close)
    ways: dict[str, Way] = {"direct": direct, "broker": broker}
    ways[RELAY] = relay = Driver(await closing.enter_async_context(stack.relay()), DATABASE)
    closing.push_async_callback(relay.close)
    await direct.seed()
    if not options.no_wrapper:
        wrapper = await closing.enter_async_context(running_wrapper(stack.mongodb_uri, WRAPPER_DATABASE))
        if wrapper is not None:
            await wrapper.seed()
            ways[NAME] = wrapper
    return ways


class ThroughBroker(Driver):
    """The broker's way, which also knows how much of the processor the broker used."""

    def __init__(self, stack: Stack, uri: str) -> None:
        super().__init__(uri, DATABASE)
        self._stack = stack
        self._spent = self._operations = 0.0

    async def rate(self, row: Row, seconds: float) -> float | None:
        spent, begin = self._stack.cpu_seconds(), time.perf_counter()
        rate = await super().rate(row, seconds)
        self._operations += (rate or 0) * (time.perf_counter() - begin)
        self._spent += self._stack.cpu_seconds() - spent
        return rate

    def milliseconds_each(self) -> float:
        """Return the broker's processor time per operation since this was asked last."""
        each = 1000 * self._spent / self._operations
        self._spent = self._operations = 0.0
        return each


def _print_head(ways: dict[str, Way]) -> None:
    last = f" {NAME:>12} {'ratio':>6}" if NAME in ways else ""
    head = f"{'operations per second':36} {'direct':>9} {'broker':>9} {'ratio':>6}  {'target':7} {'CPU each':>9}"
    print(f"{head} {RELAY:>6} {'of relay':>8}{last}")


def _print_row(row: Row, measured: dict[str, Measured], milliseconds: float) -> None:
    direct, broker, relay = (measured[name] for name in ("direct", "broker", RELAY))
    other = measured.get(NAME)
    target = f">= {row.target:.2f}" if row.target else ""
    between = f" {relay.ratio:6.2f} {broker.ratio / relay.ratio:8.2f}"
    last = f" {other.rate:12.1f} {other.ratio:6.2f}" if other else ""
    shares = f"{direct.rate:9.1f} {broker.rate:9.1f} {broker.ratio:6.2f}  {target:7}"
    print(f"{row.title:36} {shares} {milliseconds:6.2f} ms{between}{last}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.25, help="length of one measurement")
    parser.add_argument("--only", default="", help="part of a row's name")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, to see whether it works")
    parser.add_argument("--no-wrapper", action="store_true", help=f"leave {NAME} out")
    parser.add_argument("--uri", default=None, help="a MongoDB to measure on; without it an embedded one is started")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    if not asyncio.run(run(options)) and options.check:
        sys.exit(1)


if __name__ == "__main__":
    main()

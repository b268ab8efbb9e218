"""Run every attack, each in a process of its own, and write down what came of it; then wait to be ended."""

import json
import os
import select
import signal
import sys
import time

from .catalogue import GROUPS, Attack, Targets, load

PATIENCE_SECONDS = 20
ORDER = ("limits", "log", *[group for group in GROUPS if group not in ("limits", "log", "leftovers")], "leftovers")


def main() -> None:
    """Read what to attack from the environment; report one line of JSON for each attack."""
    targets = Targets(**json.loads(os.environ["TARGETS"]))
    for attack in sorted(load().values(), key=lambda each: ORDER.index(each.group)):
        began = time.monotonic()
        succeeded, said = _try(attack, targets)
        report(targets, name=attack.name, succeeded=succeeded, said=said, seconds=round(time.monotonic() - began, 3))
    report(targets, name="", succeeded=True, said="", seconds=0.0)
    signal.pause()


def report(targets: Targets, **line: object) -> None:
    with open(f"{targets.report}/report.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")


def _try(attack: Attack, targets: Targets) -> tuple[bool, str]:
    outer, inner = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(outer)
        _attack(attack, targets, inner)
    os.close(inner)
    ready, _, _ = select.select([outer], [], [], PATIENCE_SECONDS)
    answer = os.read(outer, 4096) if ready else b""
    if not ready:
        os.kill(pid, signal.SIGKILL)
    os.close(outer)
    _, status = os.waitpid(pid, 0)
    if not answer:
        return False, f"no answer; it ended with {status}"
    return tuple(json.loads(answer))  # type: ignore[return-value]


def _attack(attack: Attack, targets: Targets, inner: int) -> None:
    """Try, and tell."""
    answer: tuple[bool, str]
    try:
        found = attack.run(targets)
        answer = bool(found), repr(found)[:200]
    except BaseException as error:  # noqa: BLE001 - every way to fail is an answer
        answer = False, f"{type(error).__name__}: {error}"[:200]
    os.write(inner, json.dumps(answer).encode())
    # The end is not waited for by those who hold the pipe's other copies, so it is closed by hand.
    os.close(inner)
    os._exit(0)


if __name__ == "__main__":
    sys.exit("run me as a package: from app.main import main; main()")

"""A tiny part of a platform, for the supervisor's tests: a real process that listens and says what it does.

Run as `python stand_in.py PORT [OPTION…]`. Options: `deaf` ignores SIGTERM, `sulk` never becomes ready, `broken` ends
at once with code 3, `give-up` ends with a last line and code 78, `nag` logs an error when it is ready, `brood` leaves
a grandchild behind that keeps the standard output open. Each start and stop is appended to the file $STAND_IN_DIARY.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path


def note(event: str) -> None:
    with Path(os.environ["STAND_IN_DIARY"]).open("a") as diary:
        diary.write(f"{event} {os.environ['STAND_IN_NAME']}\n")


def say(event: str, level: str = "info", **more: str) -> None:
    print(json.dumps({"event": event, "level": level, **more}), flush=True)


def end(*_: object) -> None:
    note("end")
    os._exit(0)


def main(port: int, options: list[str]) -> None:
    note("start")
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in options else end)
    if "broken" in options:
        print("cannot find the thing", flush=True)
        sys.exit(3)
    if "give-up" in options:
        print("The thing is not installed. Install it.", flush=True)
        sys.exit(78)
    if "brood" in options:
        subprocess.Popen(["sleep", "20"], start_new_session=True)
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        if "sulk" not in options:
            server.listen()
            say("ready")
        if "nag" in options:
            say("cannot reach the moon", "error", reason="too far")
        while True:
            signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

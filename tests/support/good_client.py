"""A client that works without a pause and writes down how long each round took, in a process of its own.

Run as `python -m tests.support.good_client URI COLLECTION`: each line it prints is a round, with the seconds that a
find took and those of a ping, which the broker answers without MongoDB. It ends when its standard input does, and with
an error as soon as anything goes wrong, a lost connection above all.
"""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

from tests.support.raw_client import RawClient

LONGEST_WAIT_SECONDS = 60


class GoodClient:
    """The process, and the times of its rounds so far: of finds, and of pings."""

    def __init__(self, uri: str, collection: str) -> None:
        """Start it; the collection must hold one document `{_id: 1}`."""
        command = [sys.executable, "-m", "tests.support.good_client", uri, collection]
        self.finds: list[float] = []
        self.pings: list[float] = []
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            find, ping = line.split()
            self.finds.append(float(find))
            self.pings.append(float(ping))

    async def more(self, count: int) -> list[float]:
        """Return the times of the finds of the next rounds."""
        begin = len(self.pings)
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while len(self.pings) < begin + count and self._reading.is_alive():
                await asyncio.sleep(0.005)
        self.check()
        return self.finds[begin : begin + count]

    def check(self) -> None:
        """Fail when it met with an error."""
        assert self._reading.is_alive(), "the good client was harmed; see what it printed"

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._reading.join()
        self._process.stdout.close()


async def work(uri: str, collection: str) -> None:
    client = await RawClient.connect(uri)
    database = urlsplit(uri).path[1:]
    while True:
        begin = time.perf_counter()
        reply = await client.command({"find": collection, "filter": {"_id": 1}, "$db": database})
        assert reply["cursor"]["firstBatch"] == [{"_id": 1}], reply
        middle = time.perf_counter()
        assert (await client.command({"ping": 1, "$db": "admin"}))["ok"] == 1
        print(middle - begin, time.perf_counter() - middle, flush=True)
        await asyncio.sleep(0.002)


async def main(uri: str, collection: str) -> None:
    working = asyncio.create_task(work(uri, collection))
    ending = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([working, ending], return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        working.result()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

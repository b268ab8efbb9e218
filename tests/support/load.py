"""A visitor who never stops clicking, and remembers what was acknowledged."""

import threading
import time
from types import TracebackType
from typing import Self

import httpx2


class Clicker:
    """Posts clicks one after another from a thread; use as a context manager around the trouble."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.acknowledged = 0
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def wait_for(self, more: int, seconds: float = 30) -> None:
        """Return once that many more clicks were acknowledged."""
        wanted, deadline = self.acknowledged + more, time.monotonic() + seconds
        while self.acknowledged < wanted:
            assert time.monotonic() < deadline, f"{self.acknowledged} of {wanted}; last: {self.failures[-3:]}"
            time.sleep(0.02)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                answer = self._client.post("/api/clicks")
            except httpx2.HTTPError as error:
                self.failures.append(repr(error))
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.acknowledged += 1
            else:
                self.failures.append(f"{answer.status_code} {answer.text[:200]}")
                time.sleep(0.05)

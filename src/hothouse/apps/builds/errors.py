"""How a build fails: `BuildFailed`, for reasons its author can act on."""


class BuildFailed(Exception):
    """A build cannot succeed as the source is; the same build would fail again.

    `step` is where (`requirements`, `resolve`, `install`), `reason` one or two sentences for people, `log_tail` the
    last lines of the log.
    """

    def __init__(self, step: str, reason: str, log_tail: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason
        self.log_tail = log_tail

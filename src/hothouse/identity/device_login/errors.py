"""Errors of device login; those of polling carry the `error` code of RFC 8628, section 3.5.

Problem
├── PollAnswer
│   ├── AuthorizationPending   400
│   ├── SlowDown               400
│   ├── DeviceCodeExpired      400
│   └── AccessDenied           400
├── DeviceCodeUnknown          404
└── BrowserNeeded              403
"""

from typing import Any, ClassVar

from hothouse.kit.problems import FieldProblem, Problem


class PollAnswer(Problem):
    """What a device that waits is told."""

    slug, title, status = "device-login", "Device login", 400
    error: ClassVar[str] = "invalid_request"

    def render(self) -> dict[str, Any]:
        return {**super().render(), "error": self.error}


class AuthorizationPending(PollAnswer):
    """Nobody has decided yet; the device asks again after its interval."""

    slug, title, error = "authorization-pending", "Not decided yet", "authorization_pending"

    def __init__(self) -> None:
        super().__init__("Nobody has approved or refused this device yet. Ask again after the interval.")


class SlowDown(PollAnswer):
    """The device asks too often; its interval is five seconds longer from now on."""

    slug, title, error = "slow-down", "Asked too often", "slow_down"

    def __init__(self, interval: int) -> None:
        super().__init__(f"Ask every {interval} seconds at most.", headers={"Retry-After": str(interval)})


class DeviceCodeExpired(PollAnswer):
    """The device's code is unknown, used, or its time is over."""

    slug, title, error = "expired-token", "Code over", "expired_token"

    def __init__(self) -> None:
        super().__init__("This code was used already, or its time is over. Begin again.")


class AccessDenied(PollAnswer):
    """The person refused the device."""

    slug, title, error = "access-denied", "Refused", "access_denied"

    def __init__(self) -> None:
        super().__init__("The sign-in was refused in the browser.")


class DeviceCodeUnknown(Problem):
    """No device waits for that code."""

    slug, title, status = "device-code-unknown", "Code not known", 404

    def __init__(self) -> None:
        message = "No device waits with this code."
        super().__init__(
            f"{message} Compare it with what the device shows; after ten minutes it needs a new one.",
            errors=[FieldProblem(pointer="/user_code", message=message)],
        )


class BrowserNeeded(Problem):
    """Devices are approved by a person in a browser, not by a program with a token."""

    slug, title, status = "browser-needed", "Approve it in a browser", 403

    def __init__(self) -> None:
        super().__init__("An API token cannot approve a device. Sign in with a browser and open the address it shows.")

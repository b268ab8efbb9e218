"""Errors of passkeys.

Problem
├── PasskeyRefused          403
├── NoSecondFactor          409
├── PasskeyKnown            409
└── TooManyPasskeys         409
"""

from hothouse.kit.problems import Conflict, Problem


class PasskeyRefused(Problem):
    """What a passkey answered does not prove anything here."""

    slug, title, status = "passkey-refused", "Passkey refused", 403

    def __init__(self) -> None:
        super().__init__(
            "This passkey does not prove here that it is you, or it took too long. Try it again, or give a code."
        )


class NoSecondFactor(Conflict):
    """There is no second factor that a passkey could be used in place of."""

    slug, title = "no-second-factor", "No second factor"

    def __init__(self) -> None:
        super().__init__("Set up an authenticator app first: its recovery codes help when the passkeys are gone.")


class PasskeyKnown(Conflict):
    """That passkey is registered already."""

    slug, title = "passkey-known", "Passkey known"

    def __init__(self) -> None:
        super().__init__("This passkey is registered already. Use another device, or go on with this one.")


class TooManyPasskeys(Conflict):
    """The person has as many passkeys as one may have."""

    slug, title = "too-many-passkeys", "Too many passkeys"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} passkeys, and nobody may have more. Remove one that you do not use.")

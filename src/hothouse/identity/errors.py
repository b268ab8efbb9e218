"""Errors of this feature.

Problem
├── NotSignedIn          401
├── OutOfScope           403
├── NotAsAnother         403
├── ImpersonationOver    401
├── InvalidCredentials   401
├── WrongPassword        403
├── ProofNeeded          403
├── TooManyAttempts      429
├── SetupCodeInvalid     403
├── SetupDone            409
├── EmailTaken           409
├── LastAdmin            409
├── AdminsOnly           403
├── LinkInvalid          403
├── RegistrationClosed   403
└── HandoverRefused      403
"""

from hothouse.kit.problems import FieldProblem, Problem


class NotSignedIn(Problem):
    """The request carries no valid session or token."""

    slug, title, status = "not-signed-in", "Not signed in", 401

    def __init__(self, detail: str = "Sign in, or send an API token as `Authorization: Bearer hh_…`.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class OutOfScope(Problem):
    """The scopes of the API token do not hold what was asked for."""

    slug, title, status = "out-of-scope", "Token not for this", 403

    def __init__(self) -> None:
        super().__init__("This API token is limited to scopes that do not hold this. Use one that has the scope.")


class NotAsAnother(Problem):
    """Who acts as somebody else may not do this in their name."""

    slug, title, status = "not-as-another", "Not as somebody else", 403

    def __init__(self) -> None:
        super().__init__(
            "You act as somebody else, and this only they can do. Stop viewing as them to be yourself again."
        )


class ImpersonationOver(Problem):
    """The time to act as somebody else is over; nothing is done in one's own name before that was noticed."""

    slug, title, status = "impersonation-over", "Viewing as somebody else is over", 401

    def __init__(self) -> None:
        super().__init__("You act as yourself again. Reload the page; what you asked for was not done.")


class InvalidCredentials(Problem):
    """E-mail and password do not belong together; which of the two is wrong is not told."""

    slug, title, status = "invalid-credentials", "Wrong e-mail or password", 401

    def __init__(self) -> None:
        super().__init__("That e-mail address and password do not match an account. Check both and try again.")


class WrongPassword(Problem):
    """A password was asked for once more, and was wrong."""

    slug, title, status = "wrong-password", "Wrong password", 403

    def __init__(self) -> None:
        message = "This is not your present password."
        super().__init__(
            f"{message} Check it and try again.", errors=[FieldProblem(pointer="/current_password", message=message)]
        )


class ProofNeeded(Problem):
    """What is asked for needs the password once more, or a sign-in of a moment ago."""

    slug, title, status = "proof-needed", "Confirm that it is you", 403

    def __init__(self) -> None:
        super().__init__("Give your password, or sign in again and do this within ten minutes.")


class TooManyAttempts(Problem):
    """Too many failed attempts from one place or for one account."""

    slug, title, status = "too-many-attempts", "Too many attempts", 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            f"Too many attempts. Wait {retry_after_seconds} seconds and try again.",
            headers={"Retry-After": str(retry_after_seconds)},
        )


class SetupCodeInvalid(Problem):
    """The set-up link is wrong or was replaced."""

    slug, title, status = "setup-code-invalid", "Set-up link not valid", 403

    def __init__(self) -> None:
        super().__init__("This set-up link is not valid any more. The terminal of `hothouse up` shows the current one.")


class SetupDone(Problem):
    """There is an account already."""

    slug, title, status = "setup-done", "Already set up", 409

    def __init__(self) -> None:
        super().__init__("This Hothouse has been set up already. Sign in instead.")


class EmailTaken(Problem):
    """Somebody has an account with that address."""

    slug, title, status = "email-taken", "E-mail address taken", 409

    def __init__(self, email: str) -> None:
        super().__init__(f"There is an account for {email} already.")


class LastAdmin(Problem):
    """Nobody would be left who can administer this Hothouse."""

    slug, title, status = "last-admin", "Last admin", 409

    def __init__(self) -> None:
        super().__init__("This is the only admin left. Make somebody else an admin first.")


class AdminsOnly(Problem):
    """Who manages people, but is no admin, has no say over those who are."""

    slug, title, status = "admins-only", "Only for admins", 403

    def __init__(self) -> None:
        super().__init__("Only admins make admins, and change or close their accounts. Ask one of them.")


class LinkInvalid(Problem):
    """An invitation or a reset link is wrong, used, revoked or has run out."""

    slug, title, status = "link-not-valid", "Link not valid", 403

    def __init__(self) -> None:
        super().__init__("This link was used already, was revoked, or has run out. Ask an admin for a new one.")


class RegistrationClosed(Problem):
    """Nobody can register by themselves here."""

    slug, title, status = "registration-closed", "Registration closed", 403

    def __init__(self) -> None:
        super().__init__("Accounts are made by invitation here. Ask an admin for one.")


class HandoverRefused(Problem):
    """A hand-over code is unknown, used, expired, or meant for another browser or app."""

    slug, title, status = "handover-refused", "Sign-in link not valid", 403

    def __init__(self) -> None:
        super().__init__("This sign-in link was used already or has run out. Open the app again.")

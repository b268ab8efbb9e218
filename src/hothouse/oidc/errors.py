"""Errors of this feature.

Problem
├── ProviderUnknown      404
├── ProviderAway         503
├── ProviderRefused      403
├── SignInNotBegun       403
├── TokenNotValid        403
├── EmailNotVerified     403
├── NotAdmitted          403
├── LinkByHand           403
├── AccountClosed        403
├── IdentityTaken        409
├── LastWayIn            409
└── LogoutTokenNotValid  400
"""

from hothouse.kit.problems import Problem


class ProviderUnknown(Problem):
    """The settings name no such OpenID provider."""

    slug, title, status = "provider-unknown", "No such way to sign in", 404

    def __init__(self) -> None:
        super().__init__("This way to sign in does not exist, or not any more. Choose another one.")


class ProviderAway(Problem):
    """An OpenID provider does not answer, or not as one."""

    slug, title, status = "provider-away", "Sign-in service away", 503

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} does not answer as it should at the moment. Wait a little, or sign in another way.",
            headers={"Retry-After": "10"},
        )


class ProviderRefused(Problem):
    """The OpenID provider did not sign the person in."""

    slug, title, status = "provider-refused", "Not signed in", 403

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} did not sign you in: you may have cancelled it, or not be allowed to. Try again.")


class SignInNotBegun(Problem):
    """What came back from a provider belongs to no sign-in that this browser began a short while ago."""

    slug, title, status = "sign-in-not-begun", "Sign-in not begun here", 403

    def __init__(self) -> None:
        super().__init__(
            "This sign-in was not begun in this browser, was used already, or took longer than ten minutes. "
            "Begin it again."
        )


class TokenNotValid(Problem):
    """What a provider says of a person cannot be proven to come from it, or is not meant for this sign-in."""

    slug, title, status = "provider-token-not-valid", "Sign-in not valid", 403

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"What came from {name} does not prove who you are: {why}. Try again, or tell an admin.")


class EmailNotVerified(Problem):
    """The provider does not vouch for the person's e-mail address."""

    slug, title, status = "email-not-verified", "E-mail address not verified", 403

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} does not say that your e-mail address is really yours. Verify it there and try again, or sign in "
            "another way."
        )


class NotAdmitted(Problem):
    """The provider's settings give this person no account."""

    slug, title, status = "not-admitted", "No account for you yet", 403

    def __init__(self, email: str, *, is_domain: bool = False) -> None:
        reason = (
            "Only certain domains come in this way, and it is at none of them. Sign in another way, or ask an admin."
            if is_domain
            else "There is no account for that here. Ask an admin for an invitation to this address."
        )
        super().__init__(f"You are known there as {email}. {reason}")


class LinkByHand(Problem):
    """There is an account with this address, but the address alone does not open it."""

    slug, title, status = "link-by-hand", "Sign in the usual way first", 403

    def __init__(self, email: str, name: str) -> None:
        super().__init__(
            f"There is an account for {email} already. Sign in to it the way you usually do, then link {name} under "
            "Account."
        )


class AccountClosed(Problem):
    """The account was deactivated."""

    slug, title, status = "account-closed", "Account deactivated", 403

    def __init__(self) -> None:
        super().__init__("Your account is deactivated. Ask an admin to reactivate it.")


class IdentityTaken(Problem):
    """What the person is at the provider belongs to another account here."""

    slug, title, status = "identity-taken", "Linked to another account", 409

    def __init__(self, name: str) -> None:
        super().__init__(f"That account at {name} is linked to somebody else's account here. Unlink it there first.")


class LastWayIn(Problem):
    """Nobody could sign in to the account any more."""

    slug, title, status = "last-way-in", "Last way to sign in", 409

    def __init__(self) -> None:
        super().__init__("This is the only way left to sign in to your account. Set a password, or link another first.")


class LogoutTokenNotValid(Problem):
    """A provider's message that somebody signed out there cannot be proven to come from it."""

    slug, title, status = "logout-token-not-valid", "Logout token not valid", 400

    def __init__(self, why: str) -> None:
        super().__init__(f"This logout token was refused: {why}.")

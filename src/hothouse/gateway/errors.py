"""What the gateway itself answers, when it neither reaches an app nor the hub for the visitor.

Problem
├── UnknownApp         404
├── SignInNeeded       401  a browser that opens a page is sent to sign in instead
├── CrossSiteRefused   403
├── HandoverFailed     403
├── Misdirected        421
├── AppUnreachable     502
├── AppStarting        503
├── AppOverQuota       503
├── AppStopped         503
├── AppFailed          503
└── HubAway            503
"""

from hothouse.kit.problems import NotFound, Problem


class UnknownApp(NotFound):
    """No app has that address, or whoever asks may not open it: which of both is not told.

    `address` is the slug for which access can be asked; empty where no app could be.
    """

    slug, title = "unknown-app", "No such app, or no access"

    def __init__(self, address: str = "") -> None:
        super().__init__("There is no app at this address, or it is not shared with you. Check the spelling.")
        self.address = address


class SignInNeeded(Problem):
    """No app here is open to whoever asks: it is not known who that is, or a sign-in does not open it (any more)."""

    slug, title, status = "sign-in-needed", "Sign-in needed", 401

    def __init__(self) -> None:
        super().__init__(
            "Sign in to open this app, or send an API token as `Authorization: Bearer hh_…`.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class CrossSiteRefused(Problem):
    """A browser sent this on behalf of another site."""

    slug, title, status = "cross-site-request", "Cross-site request refused", 403

    def __init__(self) -> None:
        super().__init__("This request came from another site's page, which may not act in your name here.")


class HandoverFailed(Problem):
    """A sign-in could not be carried over from the main origin."""

    slug, title, status = "sign-in-not-completed", "Sign-in not completed", 403

    def __init__(self) -> None:
        super().__init__("This sign-in link was used already, is too old, or belongs to another browser. Try again.")


class Misdirected(Problem):
    """The host name is not one of this installation's."""

    slug, title, status = "unknown-host", "Unknown host", 421

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host!r} is not an address of this Hothouse. Use its main address, or set HOTHOUSE_ORIGIN and "
            "HOTHOUSE_DOMAIN if this one should be."
        )


class AppUnreachable(Problem):
    """The app should run but does not answer, or not in HTTP."""

    slug, title, status = "app-unreachable", "The app does not answer", 502

    def __init__(self, detail: str) -> None:
        super().__init__(f"The app runs but gave no usable answer: {detail}. Its log may say why.")


class AppStarting(Problem):
    """The app is not running yet."""

    slug, title, status = "app-starting", "The app is starting", 503

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"The app is starting. {reason}".strip(), headers={"Retry-After": "2"})


class AppAsleep(Problem):
    """The app sleeps, and what was asked is no reason to wake it."""

    slug, title, status = "app-asleep", "The app sleeps", 503

    def __init__(self) -> None:
        super().__init__("The app sleeps until somebody uses it.", headers={"Retry-After": "30"})


class AppOverQuota(Problem):
    """The app sleeps, and its owner's quota has no room for it now."""

    slug, title, status = "app-over-quota", "The app cannot wake now", 503

    def __init__(self) -> None:
        super().__init__(
            "The app sleeps, and cannot wake now: as much runs as the quota of its owner allows. Try again later, or "
            "ask its owner to stop something else.",
            headers={"Retry-After": "30"},
        )


class AppStopped(Problem):
    """Somebody stopped the app."""

    slug, title, status = "app-stopped", "The app is stopped", 503

    def __init__(self) -> None:
        super().__init__("The app is stopped. Its owner can start it again.", headers={"Retry-After": "30"})


class AppFailed(Problem):
    """The app does not run because something went wrong."""

    slug, title, status = "app-failed", "The app does not run", 503

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The app does not run: {reason or 'it failed to start'}. Its owner can see why in its log.",
            headers={"Retry-After": "30"},
        )


class HubAway(Problem):
    """The hub cannot be reached, or does not know better."""

    slug, title, status = "hub-away", "Back in a moment", 503

    def __init__(self, detail: str = "Hothouse is restarting. Running apps go on; try again in a moment.") -> None:
        super().__init__(detail, headers={"Retry-After": "2"})

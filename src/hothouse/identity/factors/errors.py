"""Errors of the second factor.

Problem
├── WrongCode              403
├── SecondStepOver         403
├── SecondFactorRequired   409
└── SetUpOver              409
"""

from hothouse.kit.problems import FieldProblem, Problem


class WrongCode(Problem):
    """A code of the second factor is wrong, was used before, or its time is over."""

    slug, title, status = "wrong-code", "Wrong code", 403

    def __init__(self) -> None:
        message = "This code is wrong, or was used already."
        super().__init__(
            f"{message} Wait for the next one of your authenticator app, or use a recovery code.",
            errors=[FieldProblem(pointer="/code", message=message)],
        )


class SecondStepOver(Problem):
    """There is no sign-in in this browser that waits for its second step."""

    slug, title, status = "second-step-over", "Sign in anew", 403

    def __init__(self) -> None:
        super().__init__("This sign-in took too long, or was finished already. Begin again with your password.")


class SecondFactorRequired(Problem):
    """The settings ask for a second factor, so it cannot be turned off."""

    slug, title, status = "second-factor-required", "Second factor required", 409

    def __init__(self) -> None:
        super().__init__("You need a second factor here. Set up another authenticator app instead of turning it off.")


class SetUpOver(Problem):
    """The key that was to be set up is not on offer any more."""

    slug, title, status = "set-up-over", "Begin the set-up anew", 409

    def __init__(self) -> None:
        super().__init__("This set-up took too long, or another one replaced it. Begin it again, with a new key.")

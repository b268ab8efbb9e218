"""Errors of this feature.

Problem
├── GroupNameTaken        409
├── GroupCircle           409  a group would belong to itself
├── DeletionUnconfirmed   422
├── RoleNameTaken         409
├── RoleInUse             409
├── RoleUnknown           422
├── MoreThanOwn           403  nobody gives what they may not do themselves
├── SubjectUnknown        422
├── OwnerNeedsNoGrant     409
├── OnlyTheOwner          403
├── TooManyRequests       409
├── AlreadyDecided        409
├── NotTheOwners          409  somebody else handed it over meanwhile
└── AccessUndecided       503  the authorization server gives no answer, so nothing is allowed
"""

from collections.abc import Iterable

from hothouse.kit.problems import Conflict, FieldProblem, Invalid, Problem


class GroupNameTaken(Conflict):
    """Another group has that name, perhaps in other letters."""

    slug, title = "group-name-taken", "Group name taken"

    def __init__(self, name: str) -> None:
        super().__init__(f'There is a group "{name}" already. Choose another name.')


class GroupCircle(Conflict):
    """A group would belong to itself, by way of the groups in it."""

    slug, title = "group-circle", "Group would hold itself"

    def __init__(self, name: str, member: str) -> None:
        super().__init__(
            f'"{member}" holds "{name}" already, so it cannot belong to it. Take one out of the other first.'
        )


class DeletionUnconfirmed(Invalid):
    """Deleting a group asks for its name."""

    slug, title = "group-deletion-not-confirmed", "Deletion not confirmed"

    def __init__(self, name: str, grants: int) -> None:
        message = (
            f"Deleting is for good, and takes {grants} grant(s) with it. Repeat the name to confirm it: ?confirm={name}"
        )
        super().__init__(message, errors=[FieldProblem(pointer="/confirm", message=message)])


class RoleNameTaken(Conflict):
    """A role of that kind has that name, built in or made here."""

    slug, title = "role-name-taken", "Role name taken"

    def __init__(self, name: str) -> None:
        super().__init__(f'There is a role "{name}" already. Choose another name.')


class RoleInUse(Conflict):
    """Somebody still has the role."""

    slug, title = "role-in-use", "Role in use"

    def __init__(self, name: str, resources: Iterable[str], count: int) -> None:
        where = ", ".join(resources)
        super().__init__(f'"{name}" is given {count} time(s): on {where}. Give other roles there first.')


class RoleUnknown(Invalid):
    """There is no such role for that kind of thing, or it is not one that is given."""

    slug, title = "role-unknown", "No such role"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        message = f'"{name}" is no role that can be given here. Give one of: {", ".join(known)}.'
        super().__init__(message, errors=[FieldProblem(pointer="/role", message=message)])


class MoreThanOwn(Problem):
    """Nobody gives, or makes a role of, what they may not do themselves."""

    slug, title, status = "more-than-own", "More than you may do", 403

    def __init__(self, actions: Iterable[str]) -> None:
        super().__init__(f"You may not do this yourself, so you cannot give it: {', '.join(sorted(actions))}.")


class SubjectUnknown(Invalid):
    """There is no such account, group or app, or nothing can be given to it here."""

    slug, title = "subject-unknown", "No such person or group"

    def __init__(self, message: str, pointer: str = "/subject") -> None:
        super().__init__(message, errors=[FieldProblem(pointer=pointer, message=message)])


class OwnerNeedsNoGrant(Conflict):
    """The owner of a thing has every right on it."""

    slug, title = "owner-needs-no-grant", "Owner already"

    def __init__(self) -> None:
        super().__init__("This is the owner, who may do everything with it. Hand it over to somebody else first.")


class OnlyTheOwner(Problem):
    """Sharing a thing is not owning it."""

    slug, title, status = "only-the-owner", "Only the owner", 403

    def __init__(self) -> None:
        super().__init__("Only its owner, or an admin, hands a thing over. Ask one of them.")


class TooManyRequests(Conflict):
    """Somebody has asked for many things that nobody has answered."""

    slug, title = "too-many-requests-for-access", "Too many requests for access"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} requests that wait for an answer. Withdraw some that you do not need.")


class AlreadyDecided(Conflict):
    """Somebody else decided, or the request was withdrawn."""

    slug, title = "request-already-decided", "Decided already"

    def __init__(self, state: str) -> None:
        super().__init__(f"This request is {state} already. Look at the list again.")


class NotTheOwners(Conflict):
    """Somebody else handed it over at the same moment."""

    slug, title = "handed-over-meanwhile", "Handed over meanwhile"

    def __init__(self) -> None:
        super().__init__("It was handed over to somebody else meanwhile. Look at it again.")


class AccessUndecided(Problem):
    """The authorization server gives no answer, so nothing is allowed. `why` is for those who run the platform."""

    slug, title, status = "access-undecided", "Access cannot be decided", 503

    def __init__(self, why: str) -> None:
        super().__init__(
            "Who may do this cannot be decided right now, because the authorization server does not answer. "
            "Nothing was changed; try again in a moment.",
            headers={"Retry-After": "5"},
        )
        self.why = why

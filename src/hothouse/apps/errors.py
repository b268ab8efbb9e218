"""Errors of this feature.

Problem
├── ArchiveRefusedProblem   422
├── ManifestRefused         422  one entry per problem, with JSON pointers
├── ManifestNotConfirmed    409
├── SlugTaken               409
├── TooManySlugs            422
├── NotNow                  409  the app's state does not allow it
└── DeletionNotConfirmed    422
"""

from collections.abc import Iterable, Sequence

from hothouse.apps.manifests import Problem as ManifestProblem
from hothouse.kit.problems import Conflict, FieldProblem, Invalid


class ArchiveRefusedProblem(Invalid):
    """The archive is not safe or not readable; nothing of it was kept."""

    slug, title = "archive-refused", "Archive refused"


class ManifestRefused(Invalid):
    """The manifest has problems; all of them are listed."""

    slug, title = "manifest-invalid", "Manifest not valid"

    def __init__(self, problems: Iterable[ManifestProblem]) -> None:
        errors = [FieldProblem(pointer=problem.pointer, message=problem.message) for problem in problems]
        listing = " ".join(f"{error.pointer or '/'}: {error.message}" for error in errors)
        super().__init__(f"The manifest has {len(errors)} problem(s). {listing}", errors=errors)


class ManifestNotConfirmed(Conflict):
    """The archive brought no manifest of ours, and the proposed one was not confirmed."""

    slug, title = "manifest-not-confirmed", "Manifest to be confirmed"

    def __init__(self) -> None:
        super().__init__(
            "This source has no manifest.json. Look at the proposed one and send it back, edited or as it is."
        )


class SlugTaken(Conflict):
    """Another app has that slug, or had it before it was renamed."""

    slug, title = "slug-taken", "Slug taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f'The slug "{slug}" belongs to another app. Choose another one.')


class TooManySlugs(Invalid):
    """An app keeps every slug it had, so there is an end to renaming it."""

    slug, title = "too-many-slugs", "Too many slugs"

    def __init__(self, slugs: Sequence[str]) -> None:
        message = f"It has had {len(slugs)} slugs and keeps them all. Choose one of them: {', '.join(sorted(slugs))}."
        super().__init__(message, errors=[FieldProblem(pointer="/slug", message=message)])


class NotNow(Conflict):
    """The app's state does not allow this."""

    slug, title = "not-now", "Not possible now"


class StillDeleting(Conflict):
    """The removal of an app has not come to its end yet."""

    slug, title = "still-deleting", "Still being deleted"

    def __init__(self, slug: str) -> None:
        super().__init__(f'"{slug}" is still being removed. It will be gone shortly; look again in a minute.')


class DeletionNotConfirmed(Invalid):
    """Deleting an app asks for its slug."""

    slug, title = "deletion-not-confirmed", "Deletion not confirmed"

    def __init__(self, slug: str) -> None:
        super().__init__(f"Deleting is for good. Repeat the slug to confirm it: ?confirm={slug}")

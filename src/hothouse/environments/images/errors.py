"""Errors of this feature.

Problem
├── NoImages       409  nothing here runs images
├── ImageInUse     409  a template or a container needs it
└── ImageRefused   422  podman would not do it
"""

from hothouse.kit.problems import Conflict, Invalid


class NoImages(Conflict):
    """Podman is missing."""

    slug, title = "no-images", "No images here"

    def __init__(self, why: str) -> None:
        super().__init__(f"This machine runs no images: podman is {why}.")


class ImageInUse(Conflict):
    """Something needs the image."""

    slug, title = "image-in-use", "Image in use"

    def __init__(self, name: str, users: list[str]) -> None:
        super().__init__(f"{name} is needed by {', '.join(users)}. Change or stop that first.")


class ImageRefused(Invalid):
    """Podman would not do it, for the reason it gives."""

    slug, title = "image-refused", "Image refused"

"""What images say, and what is asked of them."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

IMAGE_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._:/@-]{0,299}")
LOCAL_NAME = re.compile(r"localhost/[a-z0-9][a-z0-9._/-]{0,200}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,100})?")


def _image_name(value: str) -> str:
    if not IMAGE_NAME.fullmatch(value):
        raise PydanticCustomError("refused", "Give a name such as registry.lab/team/tools:1, without spaces.")
    return value


def _local_name(value: str) -> str:
    if not LOCAL_NAME.fullmatch(value):
        raise PydanticCustomError(
            "refused", "Give a name below localhost/ in small letters, such as localhost/lab/tools:1."
        )
    return value


Stripped = Annotated[str, StringConstraints(strip_whitespace=True, max_length=310)]
ImageName = Annotated[Stripped, AfterValidator(_image_name)]
LocalName = Annotated[Stripped, AfterValidator(_local_name)]


class Image(BaseModel):
    """An image that is on this machine."""

    id: str
    names: list[str] = Field(description="What it may be called, with tags.")
    size_bytes: int
    created_at: datetime
    used_by: list[str] = Field(description="Slugs of the templates that name it.")
    containers: int = Field(description="How many containers run in it, or did and are not removed yet.")


class ImageProgress(BaseModel):
    """How far work on an image is."""

    percent: int = Field(ge=0, le=100, description="Of the bytes that are known of, or of the steps.")
    text: str


class ImageJob(BaseModel):
    """Work on an image, as it stands."""

    job: str = Field(description="Its id.")
    kind: Literal["image-pull", "image-build"]
    name: str
    state: Literal["queued", "running", "done", "failed"]
    progress: ImageProgress | None = Field(
        description="How far it is; null while that is not known, and once it ended."
    )
    reason: str | None = Field(description="Why it failed.")
    lines: list[str] = Field(description="What it said so far; the last 500 lines.")


class Images(BaseModel):
    """Every image on this machine, and why there can be none."""

    items: list[Image]
    jobs: list[ImageJob] = Field(description="Work on images that is under way, whoever asked for it.")
    refusal: str | None = Field(description="Why nothing here runs images; null where something does.")


class Pull(BaseModel):
    """An image to be fetched, or fetched again."""

    model_config = ConfigDict(extra="forbid")

    name: ImageName = Field(description="With the host of its registry, e.g. `registry.lab/team/tools:1`.")


class ImageBuild(BaseModel):
    """An image to be built."""

    model_config = ConfigDict(extra="forbid")

    name: LocalName = Field(description="Below `localhost/`: it is in no registry.")
    containerfile: str = Field(
        min_length=1, max_length=100_000, description="A Containerfile (Dockerfile); there are no files to copy."
    )

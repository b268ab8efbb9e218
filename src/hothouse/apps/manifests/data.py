"""The `data` part of a manifest: indexes, limits, what is offered to other apps, what is wanted from them."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from hothouse.apps.manifests.quantities import ByteSize
from hothouse.kit.slugs import SLUG

_DIRECTIONS = (1, -1, "text", "2d", "2dsphere", "hashed")
_INDEX_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


def _refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{message}", {"message": message})


def collection_problem(name: str) -> str | None:
    """Say what is wrong with the name of a collection, or None."""
    if not name or len(name) > 120 or name.startswith(("system.", ".")) or "$" in name or "\0" in name:
        return f'"{name}" cannot be the name of a collection: no "$", not starting with "system." or ".".'
    return None


def _collection(value: str) -> str:
    problem = collection_problem(value)
    if problem:
        raise _refuse(problem)
    return value


def _collection_or_all(value: str) -> str:
    return value if value == "*" else _collection(value)


def _other_app(value: str) -> str:
    if not SLUG.match(value):
        raise _refuse(f'"{value}" is not the slug of an app.')
    return value


def _keys(value: object) -> dict[str, int | str]:
    """Accept `{"field": 1}` and the list of pairs drivers use; order matters and is kept."""
    pairs = list(value.items()) if isinstance(value, dict) else value
    if not isinstance(pairs, list) or not pairs:
        raise _refuse('Write the fields of the index, for example {"created_at": -1}.')
    keys: dict[str, int | str] = {}
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[0], str) or not pair[0]:
            raise _refuse('Write the fields of the index, for example {"created_at": -1}.')
        field, direction = pair
        if isinstance(direction, bool) or direction not in _DIRECTIONS:
            allowed = ", ".join(str(item) for item in _DIRECTIONS)
            raise _refuse(f'"{direction}" is not a direction for field "{field}"; use one of {allowed}.')
        keys[field] = direction
    return keys


Collection = Annotated[str, AfterValidator(_collection)]
_KEYS_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"enum": list(_DIRECTIONS)},
    "examples": [{"user_id": 1, "created_at": -1}],
}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Index(_Section):
    """One index of a collection, made when the app is deployed."""

    name: str | None = Field(None, description="Name of the index; made from its fields when left out.")
    type: Literal["regular", "search", "vectorSearch"] = Field(
        "regular", description="`search` and `vectorSearch` need a MongoDB that offers them."
    )
    keys: Annotated[dict[str, int | str], BeforeValidator(_keys), WithJsonSchema(_KEYS_SCHEMA)] | None = Field(
        None, description="Fields and directions of a regular index, in order."
    )
    unique: bool = Field(False, description="Refuse two documents with the same value.")
    sparse: bool = Field(False, description="Leave out documents without the field.")
    expire_after_seconds: int | None = Field(
        None, ge=0, le=2**31 - 1, description="Delete documents this long after the date in the field."
    )
    partial_filter: dict[str, Any] | None = Field(None, description="Index only documents that match this filter.")
    weights: dict[str, int] | None = Field(None, description="Weights of the fields of a text index.")
    default_language: str | None = Field(None, description="Language of a text index.")
    definition: dict[str, Any] | None = Field(None, description="Definition of a search or vectorSearch index.")

    @model_validator(mode="after")
    def _complete(self) -> "Index":
        if self.name is not None and not _INDEX_NAME.match(self.name):
            raise _refuse(f'"{self.name}" cannot be the name of an index; use letters, digits, ".", "-" and "_".')
        if self.type == "regular" and self.keys is None:
            raise _refuse('A regular index needs "keys", for example {"created_at": -1}.')
        if self.type == "regular" and self.keys is not None and set(self.keys) == {"_id"}:
            raise _refuse("MongoDB always has an index on _id; remove this one.")
        if self.type != "regular" and self.definition is None:
            raise _refuse(f'An index of type "{self.type}" needs a "definition".')
        if self.expire_after_seconds is not None and self.keys is not None and len(self.keys) != 1:
            raise _refuse("An index that expires documents has exactly one field.")
        return self


class Sharing(_Section):
    """What other apps may ask to read; each of them still has to be granted it."""

    collections: list[Collection] = Field(
        default_factory=list, description="Collections that may be asked for.", examples=[["clicks"]]
    )
    note: str = Field("", max_length=500, description="What people who ask should know.")


class ReadFrom(_Section):
    """A wish to read collections of another app; readable once an owner of that app has agreed."""

    app: Annotated[str, AfterValidator(_other_app)] = Field(
        description="Slug of the other app.", examples=["click-tracker"]
    )
    collections: list[Annotated[str, AfterValidator(_collection_or_all)]] = Field(
        min_length=1, description='Collections of that app, or "*" for all it offers.', examples=[["clicks"]]
    )


class DataLimits(_Section):
    """Limits that the app sets itself; where the platform allows less, that counts."""

    max_time_ms: int | None = Field(
        None,
        ge=1,
        le=600_000,
        description="Longest that MongoDB may work on one command of the app, in milliseconds.",
        examples=[5_000],
    )
    storage: ByteSize | None = Field(
        None,
        description="Most that the app's documents and indexes may take; over it, writes are refused.",
        examples=["512MiB"],
    )


class DataSection(_Section):
    """Indexes and limits of the app's own database, and data shared between apps."""

    sharing: Sharing = Field(default_factory=Sharing, description="What this app offers to others.")
    indexes: dict[Collection, list[Index]] = Field(
        default_factory=dict,
        description="Indexes by collection.",
        examples=[{"clicks": [{"keys": {"created_at": -1}}]}],
    )
    read_from: list[ReadFrom] = Field(default_factory=list, description="What this app wants to read from others.")
    limits: DataLimits = Field(default_factory=DataLimits, description="Limits that the app sets itself.")

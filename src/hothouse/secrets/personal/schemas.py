"""What the secrets of a person say and accept over the API. Values come in, and never go out."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

SecretKind = Literal["variable", "file"]


class PersonalSecret(BaseModel):
    """A secret of the caller's, without its value."""

    name: str
    kind: SecretKind
    path: str | None = Field(None, description="Of a file: where it is put, from the home folder on.")
    size: int = Field(description="Of the value, in bytes.")
    changed_at: datetime
    last_read_at: datetime | None = Field(None, description="When an environment last was given it.")


class PersonalSecretValue(BaseModel):
    """A secret, as it is set; nobody is ever told its value again."""

    kind: SecretKind = Field(description="`variable`: its name is that of an environment variable. `file`: a file.")
    path: str | None = Field(None, description="Of a file: where to put it, e.g. `.aws/credentials`.")
    value: str = Field(repr=False, description="At most 64 KiB.")
    encoding: Literal["text", "base64"] = Field("text", description="How `value` is written; a file may be any bytes.")

"""Cursor paging: `?limit=&cursor=` in, `{items, next_cursor}` out."""

import base64
import binascii
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from hothouse.kit.problems import FieldProblem, Invalid

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


class PageRequest(BaseModel):
    """Which page is asked for; `after` is the decoded cursor, the sort key of the last item seen."""

    limit: int
    after: Any = None


def page_request(
    limit: Annotated[int, Query(ge=1, le=200, description="How many items at most.")] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> PageRequest:
    """Read the paging parameters of a request.

    Raises: `Invalid` for a cursor that this platform did not make.
    """
    return PageRequest(limit=limit, after=decode_cursor(cursor) if cursor else None)


def encode_cursor(key: Any) -> str:
    """Pack a sort key (a JSON value) into an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> Any:
    """Unpack a cursor made by `encode_cursor`."""
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        message = "This cursor is not one this platform gave out; start again without it."
        raise Invalid(message, errors=[FieldProblem(pointer="/cursor", message=message)]) from error


Paging = Annotated[PageRequest, Depends(page_request)]

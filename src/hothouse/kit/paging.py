"""Cursor paging: `?limit=&cursor=` in, `{items, next_cursor}` out."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from hothouse.kit.problems import FieldProblem, Invalid

T = TypeVar("T")
MOST = 2**63 - 1


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


class PageRequest(BaseModel):
    """Which page is asked for; `after` is the decoded cursor, the sort key of the last item seen."""

    limit: int
    after: Any = None

    @property
    def after_text(self) -> str | None:
        """Raises: `Invalid` when that is no text."""
        return self._checked(str)

    @property
    def after_number(self) -> int | None:
        """Raises: `Invalid` when that is no number that the database can hold."""
        number = self._checked(int)
        if number is not None and not (-MOST <= number <= MOST):
            raise _invalid()
        return number

    @property
    def after_time(self) -> datetime | None:
        """Raises: `Invalid` when that is no time."""
        text = self._checked(str)
        try:
            return datetime.fromisoformat(text).astimezone(UTC) if text is not None else None
        except (ValueError, OverflowError) as error:
            raise _invalid() from error

    def _checked(self, kind: type[T]) -> T | None:
        if self.after is None or (isinstance(self.after, kind) and not isinstance(self.after, bool)):
            return self.after
        raise _invalid()


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
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid() from error


def _invalid() -> Invalid:
    message = "This cursor is not one this platform gave out; start again without it."
    return Invalid(message, errors=[FieldProblem(pointer="/cursor", message=message)])


Paging = Annotated[PageRequest, Depends(page_request)]

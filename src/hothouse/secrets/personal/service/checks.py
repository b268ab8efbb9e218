"""Whether a secret of a person can be kept as it is given."""

import base64
from contextlib import suppress

from hothouse.kit.problems import FieldProblem, Invalid
from hothouse.secrets.personal.names import file_problem, name_problem
from hothouse.secrets.personal.schemas import PersonalSecretValue

MOST_BYTES = 64 * 2**10


def checked(name: str, given: PersonalSecretValue) -> bytes:
    """Return the value of a secret. Raises: `Invalid`, which never tells the value."""
    is_variable = given.kind == "variable"
    if problem := name_problem(name, is_variable=is_variable):
        raise _invalid("name", problem)
    if is_variable and given.path is not None:
        raise _invalid("path", "A variable has no path; leave it out, or make it a file.")
    if not is_variable and (problem := file_problem(given.path or "")):
        raise _invalid("path", problem)
    value = _value(given)
    if len(value) > MOST_BYTES:
        raise _invalid("value", f"The value has {len(value):,} bytes; a secret has at most {MOST_BYTES:,} (64 KiB).")
    if is_variable and not _fits_a_variable(value):
        raise _invalid("value", "A variable holds text, without null characters. Make it a file.")
    return value


def _value(given: PersonalSecretValue) -> bytes:
    with suppress(ValueError):  # not chained: the error of the encoding tells the value
        return base64.b64decode(given.value, validate=True) if given.encoding == "base64" else given.value.encode()
    raise _invalid("value", f"The value is not {given.encoding} as it is announced to be.")


def _fits_a_variable(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in value


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldProblem(pointer=f"/{field}", message=message)])

"""Recovery codes: each signs in once in place of a code of the authenticator app."""

import re

from hothouse.kit.ids import fingerprint, new_id

COUNT = 10
GROUPS, GROUP_LENGTH = 3, 5
LENGTH = GROUPS * GROUP_LENGTH  # 76 bits: out of reach of guessing, even with the fingerprints at hand
_LOOKALIKES = str.maketrans("lo", "10")


def new_codes() -> list[str]:
    """Return fresh codes, such as `4kx7m-2pz9q-c0w3t`."""
    return ["-".join(new_id(GROUP_LENGTH) for _ in range(GROUPS)) for _ in range(COUNT)]


def mark_of(user_id: str, code: str) -> str:
    """Return what is stored of a code; spaces, hyphens and case do not count, nor `o` for `0` and `l` for `1`.

    >>> mark_of("u1", "4KX7M 2pz9q-cow3t") == mark_of("u1", "4kx7m-2pz9q-c0w3t")
    True
    """
    return fingerprint(f"{user_id}/{re.sub(r'[^a-z0-9]', '', code.lower()).translate(_LOOKALIKES)}")

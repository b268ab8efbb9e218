"""Amounts as people read them."""

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def bytes_in_words(amount: float) -> str:
    """Say how many bytes.

    >>> bytes_in_words(1536), bytes_in_words(2**30), bytes_in_words(12)
    ('1.5 KiB', '1 GiB', '12 bytes')
    """
    for unit in _UNITS[:-1]:
        if abs(amount) < 1024:
            return f"{amount:.3g} {unit}"
        amount /= 1024
    return f"{amount:.3g} {_UNITS[-1]}"

"""What the broker says no with.

BrokerError
├── MalformedMessageError   not the wire protocol, or a part of it we do not speak: the connection is closed
├── ListenError             the broker cannot serve where, or with the certificate that, its settings name
├── RefusedError            a well-formed command that is not allowed: answered with a MongoDB error
└── UpstreamError           MongoDB cannot be reached or does not let the broker in
    └── UpstreamRefusedError    it answered a command of the broker's own with an error
"""

from enum import IntEnum

LONGEST_MESSAGE = 600
"""Longest message of a refusal, in characters: what a client sent is not told back at any length."""


class Code(IntEnum):
    """MongoDB's error codes that the broker answers with; a driver acts on the number."""

    BadValue = 2
    FailedToParse = 9
    Unauthorized = 13
    TypeMismatch = 14
    InvalidLength = 16
    ProtocolError = 17
    AuthenticationFailed = 18
    LockTimeout = 24
    CursorNotFound = 43
    InvalidNamespace = 73
    ExceededMemoryLimit = 146
    MechanismUnavailable = 334
    BSONObjectTooLarge = 10334
    OutOfDiskSpace = 14031
    IDLUnknownField = 40415


class BrokerError(Exception):
    """Base of everything that the broker raises on purpose."""


class MalformedMessageError(BrokerError):
    """The peer does not speak the wire protocol as the broker does; only closing the connection is safe."""


class ListenError(BrokerError):
    """The broker cannot begin to serve; the message says what to change."""


class RefusedError(BrokerError):
    """A command that is not carried out; `message` says what was refused and what to do instead."""

    def __init__(self, message: str, code: Code = Code.Unauthorized, labels: tuple[str, ...] = ()) -> None:
        self.message = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
        super().__init__(self.message)
        self.code = code
        self.labels = labels
        """What a driver is told about the error, such as that a transaction may be tried again."""


class UpstreamError(BrokerError):
    """MongoDB behind the broker cannot be used; the message says why."""


class UpstreamRefusedError(UpstreamError):
    """MongoDB refused a command of the broker's own; `code` is its number for why."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code

"""Who is at the other end of a client's connection: nobody yet, one who is signing in, or a workload."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from hothouse.broker import scram
from hothouse.broker.credentials import CredentialStore, KnownCredential
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.sandboxes import Closable, Sandbox

Document = dict[str, Any]

MAX_ATTEMPTS = 8
_connection_ids = count(1)


class ClientSession:
    """The sign-in of one connection. `sandbox` is None until the password was right."""

    def __init__(
        self,
        credentials: CredentialStore,
        enter: Callable[[KnownCredential], Awaitable[Sandbox]],
        owner: Closable,
        *,
        address: str,
        peer: str,
        salts_key: bytes,
    ) -> None:
        """`enter` gives the sandbox of a credential whose password was right."""
        self._salts_key = salts_key
        self.sandbox: Sandbox | None = None
        self.address = address
        self.peer = peer
        self.connection_id = next(_connection_ids)
        self.attempts = 0
        self._credentials = credentials
        self._sandbox_of = enter
        self._owner = owner
        self._exchange: scram.ServerExchange | None = None
        self._known: KnownCredential | None = None
        self._skips_empty = False

    @property
    def signed_in(self) -> Sandbox:
        """The workload's sandbox.

        Raises: RefusedError when nobody has signed in.
        """
        if self.sandbox is None:
            raise RefusedError("Sign in first, with HOTHOUSE_DATABASE_URI.")
        return self.sandbox

    async def start(self, command: Document) -> Document:
        """Answer saslStart.

        Raises: RefusedError.
        """
        if self.sandbox is not None:
            raise RefusedError("This connection has already signed in.", Code.ProtocolError)
        if command.get("mechanism") != scram.MECHANISM:
            raise RefusedError(
                f"Sign in with {scram.MECHANISM}: add authMechanism={scram.MECHANISM} to the connection string.",
                Code.MechanismUnavailable,
            )
        self.attempts += 1
        payload, options = command.get("payload"), command.get("options")
        if not isinstance(payload, bytes):
            raise scram.failed()
        exchange = scram.ServerExchange(bytes(payload))
        known = await self._credentials.find(exchange.username)
        if known is not None and command.get("$db") not in (known.database, "admin"):
            known = None
        self._skips_empty = isinstance(options, dict) and options.get("skipEmptyExchange") is True
        self._exchange, self._known = exchange, known
        return _step(exchange.challenge(known.verifier if known else None, self._salts_key), done=False)

    async def resume(self, command: Document) -> Document:
        """Answer saslContinue: check the proof, then let the workload in.

        Raises: RefusedError.
        """
        payload = command.get("payload")
        if self.sandbox is not None and self._exchange is not None and not payload:
            self._exchange = None
            return _step(b"", done=True)
        exchange, self._exchange = self._exchange, None
        if exchange is None or self.sandbox is not None or not isinstance(payload, bytes):
            raise RefusedError("No sign-in is under way.", Code.ProtocolError)
        signature = exchange.finish(bytes(payload))
        await self._enter()
        if not self._skips_empty:
            self._exchange = exchange
        return _step(signature, done=self._skips_empty)

    async def _enter(self) -> None:
        """Join the sandbox, if the credential was not revoked while its owner was signing in."""
        assert self._known is not None  # noqa: S101 - finish() has refused unknown users
        known = await self._credentials.find(self._known.workload_id)
        if known is None or known.version != self._known.version:
            raise scram.failed()
        sandbox = await self._sandbox_of(known)
        sandbox.join(self._owner, known.version)
        self.sandbox = sandbox

    def leave(self) -> None:
        """Stop counting as a connection of the sandbox."""
        if self.sandbox is not None:
            self.sandbox.leave(self._owner)


def _step(payload: bytes, *, done: bool) -> Document:
    return {"conversationId": 1, "done": done, "payload": payload, "ok": 1.0}

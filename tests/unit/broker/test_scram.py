"""SCRAM, checked against the example of RFC 7677 and against itself."""

import base64

import pytest

from hothouse.broker import scram
from hothouse.broker.errors import RefusedError, UpstreamError


async def _sign_in(username: str, password: str, verifier: scram.Verifier | None) -> str:
    exchanges: list[scram.ServerExchange] = []

    async def send(command: str, payload: bytes) -> bytes:
        if command == "saslStart":
            exchanges.append(scram.ServerExchange(payload))
            return exchanges[0].challenge(verifier, b"key")
        return exchanges[0].finish(payload)

    await scram.ClientLogin(username, password).run(send)
    return exchanges[0].username


class TestExchange:
    async def test_right_password(self) -> None:
        assert await _sign_in("a,b=c", "secret", scram.make_verifier("secret")) == "a,b=c"

    async def test_wrong_password(self) -> None:
        with pytest.raises(RefusedError):
            await _sign_in("a", "wrong", scram.make_verifier("secret"))

    async def test_unknown_user_is_challenged_alike(self) -> None:
        with pytest.raises(RefusedError):
            await _sign_in("nobody", "secret", None)
        first = b"n,,n=nobody,r=abc"
        salts = {scram.ServerExchange(first).challenge(None, b"key").split(b",")[1] for _ in range(2)}
        assert len(salts) == 1

    @pytest.mark.parametrize("payload", [b"", b"n,,", b"p=tls,,n=a,r=b", b"n,a=admin,n=a,r=b", b"n,,n=a", b"\xff" * 99])
    def test_bad_first_message(self, payload: bytes) -> None:
        with pytest.raises(RefusedError):
            scram.ServerExchange(payload)

    def test_bad_last_message(self) -> None:
        exchange = scram.ServerExchange(b"n,,n=a,r=b")
        nonce = exchange.challenge(scram.make_verifier("x"), b"key").split(b",")[0]
        for payload in (b"", b"c=biws", nonce, b"c=biws," + nonce + b",p=", b"c=biws," + nonce + b",p=AAAA"):
            with pytest.raises(RefusedError):
                exchange.finish(payload)


class TestClient:
    async def test_example_of_the_rfc(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scram, "_new_nonce", lambda: "rOprNGfwEbeRWgbNEkqO")
        sent: list[bytes] = []
        answers = [
            b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ]

        async def send(_command: str, payload: bytes) -> bytes:
            sent.append(payload)
            return answers[len(sent) - 1]

        await scram.ClientLogin("user", "pencil").run(send)
        assert sent[1].endswith(b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")

    async def test_server_that_does_not_know_the_password(self) -> None:
        async def send(command: str, payload: bytes) -> bytes:
            if command == "saslStart":
                return payload[payload.index(b"r=") :] + b"x,s=" + base64.b64encode(b"salt") + b",i=4096"
            return b"v=AAAA"

        with pytest.raises(UpstreamError, match="does not know"):
            await scram.ClientLogin("user", "pencil").run(send)

"""The parts that make up Hothouse on one machine, and the environment each of them gets."""

import hmac
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hothouse.database.embedded import ROOT_USER
from hothouse.settings import Settings
from hothouse.supervisor.parts import Part
from hothouse.supervisor.probes import http_ok, mongodb_answers, said_ready, tcp_accepts

STAGE_GATEWAY, STAGE_HUB, STAGE_BROKER, STAGE_DATABASE = range(4)
PRIVATE = frozenset(
    {
        "HOTHOUSE_MONGODB_URI",
        "HOTHOUSE_INTERNAL_KEY",
        "HOTHOUSE_BROKER_KEY",
        "HOTHOUSE_ADMIN_EMAIL",
        "HOTHOUSE_ADMIN_PASSWORD",
        "HOTHOUSE_OIDC_PROVIDERS",
    }
)
"""Variables that only the parts which need them are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What the parts are told about each other; `mongodb_uri` is asked late, when its password has been made."""

    settings: Settings
    mongodb_uri: Callable[[], str]
    mongodb_port: int | None
    broker_port: int
    internal_key: str

    @property
    def public_address(self) -> str:
        """Where the gateway can be asked from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.bind, self.settings.bind)  # noqa: S104
        return f"[{host}]:{self.settings.port}" if ":" in host else f"{host}:{self.settings.port}"


def platform_parts(wiring: Wiring) -> list[Part]:
    """List the parts. All start at once: those that use the embedded database load their code and wait for it."""
    settings = wiring.settings
    data = ("HOTHOUSE_MONGODB_URI",)
    parts = [
        Part(
            name="broker",
            argv=command("broker"),
            env=_environment(wiring, (*data, "HOTHOUSE_BROKER_KEY")),
            ready=tcp_accepts(settings.broker.host, wiring.broker_port),
            stage=STAGE_BROKER,
        ),
        Part(
            name="hub",
            argv=command("hub"),
            env=_environment(wiring, PRIVATE - {"HOTHOUSE_BROKER_KEY"}),
            ready=http_ok(settings.hub_listen, "/health/live"),
            alive=http_ok(settings.hub_listen, "/health/live"),
            stage=STAGE_HUB,
        ),
        Part(
            name="worker",
            argv=command("worker"),
            env=_environment(wiring, data),
            ready=said_ready(),
            stage=STAGE_HUB,
        ),
        Part(
            name="gateway",
            argv=command("gateway"),
            env=_environment(wiring, ("HOTHOUSE_INTERNAL_KEY",)),
            ready=http_ok(wiring.public_address, "/health/ready"),
            stage=STAGE_GATEWAY,
        ),
    ]
    return [_embedded_mongodb(wiring), *parts] if wiring.mongodb_port else parts


def _embedded_mongodb(wiring: Wiring) -> Part:
    settings, port = wiring.settings, wiring.mongodb_port or 0
    program = (*python("hothouse.supervisor.mongodb"), "serve")
    return Part(
        name="mongodb",
        argv=(*program, str(settings.home / "database"), str(settings.keys_dir), str(port)),
        env=_environment(wiring, ()),
        ready=tcp_accepts("127.0.0.1", port),
        alive=mongodb_answers("127.0.0.1", port, ROOT_USER),
        stage=STAGE_DATABASE,
        grace_seconds=5.0,
        orphan_signal=signal.SIGTERM,
    )


def python(module: str) -> tuple[str, ...]:
    """Return the start of a command that runs `module`; files in the working directory cannot shadow ours."""
    return (sys.executable, "-P", "-m", module)


def command(part: str) -> tuple[str, ...]:
    return (*python("hothouse.cli"), part)


def broker_key(wiring: Wiring) -> str:
    """Return the broker's own key; one made here opens nothing else, though it comes from the internal key."""
    given = wiring.settings.broker.key
    if given is not None:
        return given.get_secret_value()
    return hmac.digest(wiring.internal_key.encode(), b"broker", "sha256").hex()


def _environment(wiring: Wiring, private: frozenset[str] | tuple[str, ...]) -> Callable[[], Mapping[str, str]]:
    settings = wiring.settings

    def environment() -> Mapping[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in PRIVATE or name in private}
        own = {
            "HOTHOUSE_HOME": str(settings.home),
            "HOTHOUSE_PORT": str(settings.port),
            "HOTHOUSE_HUB_LISTEN": settings.hub_listen,
            "HOTHOUSE_BROKER_PORT": str(wiring.broker_port),
            "PYTHONUNBUFFERED": "1",
        }
        if wiring.mongodb_port:
            own["HOTHOUSE_MONGODB_EMBEDDED"] = "true"
        if settings.examples:
            own["HOTHOUSE_EXAMPLES"] = str(settings.examples)
        if "HOTHOUSE_INTERNAL_KEY" in private:
            own["HOTHOUSE_INTERNAL_KEY"] = wiring.internal_key
        if "HOTHOUSE_BROKER_KEY" in private:
            own["HOTHOUSE_BROKER_KEY"] = broker_key(wiring)
        if "HOTHOUSE_MONGODB_URI" in private:
            own["HOTHOUSE_MONGODB_URI"] = wiring.mongodb_uri()
        return inherited | own

    return environment

"""Settings of every process, read from `HOTHOUSE_*` environment variables (or `.env`) and nowhere else.

One tree is built in each composition root and passed down. The first underscore after the prefix separates the
group from the field: `HOTHOUSE_MONGODB_URI` is `settings.mongodb.uri`.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hothouse.settings_oidc import OidcSettings


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


CodeKind = Literal["apps", "environments", "builds"]
IsolationLevel = Literal["weak", "container", "good", "strong"]
SecondFactorMode = Literal["optional", "admins", "everyone"]
Folder = Annotated[Path, AfterValidator(_absolute)]
File = Annotated[Path, AfterValidator(_absolute)]


class MongoSettings(BaseModel):
    """Where the platform's MongoDB is; without a URI `hothouse up` runs the embedded server."""

    uri: SecretStr | None = Field(None, description="Connection string of a MongoDB server, version 7 or newer.")
    embedded: bool = Field(False, description="Set by `hothouse up` where it runs the server itself.")
    database: str = Field("hothouse", description="Name of the database that holds the platform's own data.")


class HubSettings(BaseModel):
    """How the gateway reaches the hub, and what it tells of the platform."""

    listen: str | None = Field(
        None, description="`unix:/path` or `host:port`; by default a socket in the run directory."
    )
    metrics: str | None = Field(
        None,
        description="`host:port` on which the hub gives its metrics at `/metrics`, for Prometheus. Nothing asks for a "
        "password there: choose an address that only your monitoring reaches.",
    )


class BrokerSettings(BaseModel):
    """Where and how workloads reach the broker, and what it tells of its work."""

    host: str = Field("127.0.0.1", description="Address the broker listens on.")
    port: int = Field(27080, ge=0, le=65535, description="Port the broker listens on.")
    advertise: str | None = Field(None, description="`host:port` to put into workloads' database URIs.")
    key: SecretStr | None = Field(
        None,
        description="Secret from which the passwords of MongoDB's users are derived, one user for each app's database. "
        "The same for every broker of an installation; `hothouse up` makes it. Without it the platform's own user "
        "does all the work at MongoDB, and only the broker keeps apps apart.",
    )
    transport: Literal["tcp", "unix"] = Field(
        "tcp",
        description="What workloads get to reach the broker by: its port, or its unix socket, which is mounted into "
        "their sandboxes. The broker always serves both; changing it concerns workloads started from then on.",
    )
    tls_certificate: File | None = Field(
        None,
        description="PEM file of the broker's certificate and those that vouch for it. With it the broker's port "
        "speaks TLS only. A renewed file is used without a restart.",
    )
    tls_key: File | None = Field(None, description="PEM file of the certificate's private key, without a password.")
    tls_ca: File | None = Field(
        None,
        description="PEM file by which workloads check the broker's certificate, mounted into their sandboxes. "
        "Without it they trust the authorities that their system knows.",
    )
    metrics: str | None = Field(
        None,
        description="`host:port` on which the broker gives its metrics at `/metrics`, for Prometheus. Nothing asks "
        "for a password there: choose an address that only your monitoring reaches.",
    )
    slow_ms: int = Field(
        200, ge=1, description="A command that takes so many milliseconds or more is listed on its app's page as slow."
    )

    @model_validator(mode="after")
    def _has_whole_certificate(self) -> "BrokerSettings":
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("set both HOTHOUSE_BROKER_TLS_CERTIFICATE and HOTHOUSE_BROKER_TLS_KEY, or neither")
        if self.tls_ca is not None and self.tls_certificate is None:
            raise ValueError("HOTHOUSE_BROKER_TLS_CA is of use only with HOTHOUSE_BROKER_TLS_CERTIFICATE")
        return self


class DataSettings(BaseModel):
    """What each app may use of its database, unless its manifest asks for less or an admin sets its storage."""

    storage_bytes: int = Field(
        2 * 2**30,
        ge=2**20,
        description="Most that an app's documents and indexes may take, in bytes. Over it, writes are refused; reads "
        "and deletes still work.",
    )
    max_time_ms: int = Field(
        30_000, ge=100, le=600_000, description="Longest that MongoDB may work on one command, in milliseconds."
    )
    connections: int = Field(
        200, ge=2, le=5_000, description="Most connections an app may have open to its database at a time."
    )
    batch_documents: int = Field(
        10_000, ge=1, le=100_000, description="Most documents or operations in one command; drivers split what is more."
    )


class AdminSettings(BaseModel):
    """Credentials of a first admin, created at start when there is no account yet."""

    email: str | None = Field(None, description="E-mail address of the first admin.")
    password: SecretStr | None = Field(None, description="Password of the first admin.")


class AccessSettings(BaseModel):
    """What decides who may do what."""

    backend: Literal["casbin", "openfga"] = Field(
        "casbin", description="`casbin`: the hub itself; `openfga`: a server that is told of every grant."
    )
    openfga_url: str | None = Field(
        None, description="Address of the OpenFGA server's HTTP API, version 1.10 or newer."
    )
    openfga_store_id: str | None = Field(
        None, description="Id of a store at OpenFGA that is used for nothing else: tuples of others are removed."
    )
    openfga_token: SecretStr | None = Field(None, description="Token for OpenFGA, if it asks for one.")

    @model_validator(mode="after")
    def _knows_where(self) -> "AccessSettings":
        if self.backend == "openfga" and not (self.openfga_url and self.openfga_store_id):
            raise ValueError("openfga needs HOTHOUSE_ACCESS_OPENFGA_URL and HOTHOUSE_ACCESS_OPENFGA_STORE_ID")
        if self.openfga_url and urlsplit(self.openfga_url).scheme not in ("http", "https"):
            raise ValueError("HOTHOUSE_ACCESS_OPENFGA_URL has to begin with http:// or https://")
        return self

    @property
    def openfga(self) -> tuple[str, str, str | None] | None:
        """Address, store and token of the server that decides; None where the hub does."""
        if self.backend != "openfga" or self.openfga_url is None or self.openfga_store_id is None:
            return None
        return self.openfga_url, self.openfga_store_id, _revealed(self.openfga_token)


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


class AuditSettings(BaseModel):
    """How long it is kept who did what."""

    retention_days: int | None = Field(
        730, ge=1, description="Entries of the audit record are removed after so many days; none: never."
    )


class RegistrationSettings(BaseModel):
    """Whether people make accounts by themselves."""

    open: bool = Field(False, description="Whether anybody may register; else accounts are made by invitation.")
    domains: list[str] = Field(
        [],
        description="Domains of the e-mail addresses that may register, as a JSON list; without them any. Needs "
        "HOTHOUSE_MAIL_HOST: only mail shows that an address is somebody's own.",
    )

    @field_validator("domains")
    @classmethod
    def _lower(cls, domains: list[str]) -> list[str]:
        return [domain.lower().lstrip("@") for domain in domains]


class MailSettings(BaseModel):
    """The server by which mail is sent; without it admins hand out links themselves."""

    host: str | None = Field(None, description="Name of the SMTP server.")
    port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is encrypted; `none` is for a server on this machine only."
    )
    user: str | None = Field(None, description="Name to sign in with at the SMTP server.")
    password: SecretStr | None = Field(None, description="Password to sign in with at the SMTP server.")
    sender: str | None = Field(None, description="Address that mail comes from, e.g. `Hothouse <lab@example.org>`.")

    @model_validator(mode="after")
    def _has_sender(self) -> "MailSettings":
        if self.host and not self.sender:
            raise ValueError("set HOTHOUSE_MAIL_SENDER to the address that mail is to come from")
        return self


class LaunchSettings(BaseModel):
    """How workloads run on this machine."""

    isolation: Literal["auto", "bubblewrap", "process"] = Field(
        "auto", description="`auto` takes the strongest that works; naming one refuses to start without it."
    )
    minimum_level: IsolationLevel = Field(
        "weak",
        description="Least level of isolation (see `hothouse doctor`) that code may run at: what would run at a lower "
        "one is refused. Builds need `good` where this is `strong`, since they fetch packages.",
    )
    minimum_levels: dict[CodeKind, IsolationLevel] = Field(
        default_factory=dict,
        description="The same for one kind of code each, in place of `minimum_level`: `apps`, `environments` or "
        '`builds`, as JSON, e.g. `{"environments": "strong"}`. Images are never better than `container`.',
    )
    network: Literal["auto", "private", "shared"] = Field(
        "auto",
        description="`private` gives each app a network of its own, from which it reaches neither the machine nor "
        "other apps, and refuses to start without; `auto` does where that works; `shared` leaves apps the machine's.",
    )
    first_uid: int = Field(210_000, description="First of the user ids that apps run under where Hothouse is root.")
    frozen_hours: float = Field(
        12,
        ge=0,
        description="An app or environment that is put to sleep stands still in memory for so many hours before it is "
        "stopped, and goes on within milliseconds at the next visit. 0: it is stopped at once.",
    )
    spares: int = Field(
        4,
        ge=0,
        description="Of so many apps that sleep and were stopped, those last used, a spare is kept in memory: a "
        "process that has imported what the app needs, so that the next visit is answered at once. Only `experiment` "
        "apps have spares, and only while memory is free.",
    )
    concurrent_starts: int = Field(4, ge=1, description="How many apps may be starting at the same moment.")

    @field_validator("minimum_levels")
    @classmethod
    def _is_within_reach(cls, levels: dict[CodeKind, IsolationLevel]) -> dict[CodeKind, IsolationLevel]:
        if levels.get("builds") == "strong":
            raise ValueError("builds share the machine's network to fetch packages, so that they are `good` at best")
        return levels

    def minimum_for(self, code: CodeKind) -> IsolationLevel:
        """Return the least level that a kind of code may run at."""
        if code in self.minimum_levels:
            return self.minimum_levels[code]
        return "good" if code == "builds" and self.minimum_level == "strong" else self.minimum_level


class EnvironmentsSettings(BaseModel):
    """What environments and workspaces may take, and when those that nobody uses are put to sleep."""

    warning_minutes: int = Field(10, ge=0, description="How long before that its people are warned.")
    busy_percent: float = Field(
        10, gt=0, description="Share of a processor core, in percent, from which on an environment is at work."
    )
    keep_hours: float = Field(
        24, gt=0, description="Longest that somebody may have an environment kept, though nobody uses it."
    )

    capacity_memory_bytes: int | None = Field(
        None,
        ge=64 * 2**20,
        description="Memory that may be promised to everything that runs, in bytes; by default what the machine, or "
        "the container that Hothouse is in, has. Starts that would go beyond it wait in a queue.",
    )
    capacity_cpu: float | None = Field(
        None,
        gt=0,
        description="Processor cores that may be promised to everything that runs and is not asleep; by default four "
        "times what there is, since processor time can be shared.",
    )
    default_tier: str = Field(
        "basic", description="Tier of people who were given none: how much their environments may take."
    )

    workspace_bytes: int = Field(
        10 * 2**30,
        ge=2**20,
        description="Most that a workspace may take up, in bytes, with its snapshots and bin. Over it, the file "
        "browser and copies refuse to write.",
    )


class BuildSettings(BaseModel):
    """How releases are turned into environments."""

    sdk_wheel: Path | None = Field(None, description="Wheel of hothouse-sdk; by default the one shipped inside.")
    timeout_seconds: int = Field(1800, ge=10, description="Longest a build may take.")
    concurrent: int = Field(2, ge=1, description="How many builds the worker runs at once.")


class Settings(BaseSettings):
    """Everything a Hothouse process can be told."""

    model_config = SettingsConfigDict(
        env_prefix="HOTHOUSE_",
        env_file=".env",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="ignore",
    )

    home: Folder = Field(Path("var"), description="Folder that holds all data of this installation.")
    port: int = Field(8000, ge=1, le=65535, description="The one public port, served by the gateway.")
    bind: str = Field("127.0.0.1", description="Address the gateway listens on.")
    origin: str | None = Field(None, description="Main origin as browsers see it, e.g. `https://lab.example.org`.")
    domain: str = Field("apps.localhost", description="Domain under which each app gets its own host name.")
    internal_key: SecretStr | None = Field(None, description="Shared key between gateway, supervisor and hub.")
    second_factor: SecondFactorMode = Field(
        "optional",
        description="Who needs a second factor to sign in: nobody, `admins`, or `everyone`. Who has none is led to set "
        "it up at the next sign-in; sessions and API tokens that there are go on.",
    )
    examples: Folder | None = Field(None, description="Folder of example apps to deploy at the first start.")

    mongodb: MongoSettings = MongoSettings()
    hub: HubSettings = HubSettings()
    broker: BrokerSettings = BrokerSettings()
    data: DataSettings = DataSettings()
    admin: AdminSettings = AdminSettings()
    registration: RegistrationSettings = RegistrationSettings()
    oidc: OidcSettings = OidcSettings()
    mail: MailSettings = MailSettings()
    access: AccessSettings = AccessSettings()
    audit: AuditSettings = AuditSettings()
    launch: LaunchSettings = LaunchSettings()
    builds: BuildSettings = BuildSettings()
    environments: EnvironmentsSettings = EnvironmentsSettings()

    @model_validator(mode="after")
    def _can_tell_addresses(self) -> "Settings":
        if self.registration.domains and self.mail.host is None:
            raise ValueError("HOTHOUSE_REGISTRATION_DOMAINS needs HOTHOUSE_MAIL_HOST, to see whose an address is")
        return self

    @property
    def main_url(self) -> str:
        """The main origin, without a trailing slash."""
        return (self.origin or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.main_url.startswith("https://")

    def app_url(self, slug: str) -> str:
        """The origin of one app, without a trailing slash."""
        main = urlsplit(self.main_url)
        port = f":{main.port}" if main.port else ""
        return f"{main.scheme}://{slug}.{self.domain}{port}"

    @property
    def run_dir(self) -> Path:
        """Folder of the unix sockets: short, because a socket's path may be 108 bytes at most."""
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"hothouse-{os.getuid()}-{digest}"

    @property
    def hub_listen(self) -> str:
        return self.hub.listen or f"unix:{self.run_dir / 'hub.sock'}"

    @property
    def broker_socket(self) -> Path:
        """The broker's unix socket, in a folder of its own that apps under other users can reach."""
        return self.run_dir.with_name(f"{self.run_dir.name}-broker") / "broker.sock"

    @property
    def keys_dir(self) -> Path:
        return self.home / "keys"

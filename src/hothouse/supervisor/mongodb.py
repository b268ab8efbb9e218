"""Programs around the database, run as processes of their own so that the supervisor never loads a driver.

`python -m hothouse.supervisor.mongodb serve STORAGE KEYS PORT` prepares the embedded server and becomes it;
`python -m hothouse.supervisor.mongodb check` tries HOTHOUSE_MONGODB_URI. Either explains a failure in its last line.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from hothouse.supervisor.parts import EXIT_GIVE_UP

CHECK_MILLISECONDS = 5000


async def _serve(storage: Path, keys: Path, port: int) -> None:
    from hothouse.database.embedded import EmbeddedMongo, EmbeddedMongoError  # noqa: PLC0415

    mongo = EmbeddedMongo(storage, keys, port)
    try:
        await mongo.prepare()
    except EmbeddedMongoError as error:
        give_up(str(error))
    argv = mongo.argv()
    os.execv(argv[0], argv)  # noqa: S606 - no shell is wanted


async def _check(uri: str) -> None:
    from pymongo import AsyncMongoClient  # noqa: PLC0415
    from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError  # noqa: PLC0415

    patience: dict[str, Any] = (
        {} if "serverselectiontimeoutms=" in uri.lower() else {"serverSelectionTimeoutMS": CHECK_MILLISECONDS}
    )
    try:
        async with AsyncMongoClient[dict[str, object]](uri, **patience) as client:
            await client.admin.command({"listDatabases": 1, "nameOnly": True})
    except OperationFailure as error:
        give_up(
            f"MongoDB refuses the user of HOTHOUSE_MONGODB_URI ({_reason(error)}). Check its name, password and rights."
        )
    except (ConfigurationError, ValueError) as error:
        give_up(f"HOTHOUSE_MONGODB_URI is not a connection string that MongoDB drivers accept ({_reason(error)}).")
    except PyMongoError as error:
        give_up(
            f"No MongoDB answers at HOTHOUSE_MONGODB_URI ({_reason(error)}). Start it, correct the address, or "
            "unset it to use the embedded one."
        )


def _reason(error: Exception) -> str:
    """Return the driver's own first clause: the rest repeats time-outs and topology."""
    return str(error).split(" (configured timeouts")[0].split(", Timeout:")[0].split(", full error")[0]


def give_up(message: str) -> NoReturn:
    """End the process so that the supervisor shows `message` and does not try again."""
    print(message, file=sys.stderr, flush=True)
    sys.exit(EXIT_GIVE_UP)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["serve", storage, keys, port]:
            asyncio.run(_serve(Path(storage), Path(keys), int(port)))
        case ["check"]:
            asyncio.run(_check(os.environ["HOTHOUSE_MONGODB_URI"]))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

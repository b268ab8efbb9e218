"""A process that writes to the audit record and says what is in it, until somebody ends it; run by tests."""

import asyncio
import sys
from pathlib import Path

from pymongo import AsyncMongoClient

from hothouse.audit.dependencies import AuditServices
from hothouse.audit.service import Draft
from hothouse.kit.clock import SystemClock


async def main(uri: str, database: str, keys: str, name: str) -> None:
    async with AsyncMongoClient(uri, tz_aware=True) as client:
        services = AuditServices.make(client[database], SystemClock(), Path(keys), None)
        for number in range(10_000):
            draft = await services.record.announce(Draft("test.write", after={"writer": name, "number": number}))
            await services.record.record(draft)
            print(draft.id, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

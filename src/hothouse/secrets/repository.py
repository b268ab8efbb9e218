"""The mark by which it is known which keys a database belongs to."""

from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

MARK = "keys"


class MarksRepository:
    """One document: a known text, sealed."""

    def __init__(self, database: Database) -> None:
        self._marks = database["sealing"]

    async def get(self) -> Document | None:
        return await self._marks.find_one({"_id": MARK})

    async def add(self, sealed: str) -> bool:
        """Leave the mark; tells whether there was none."""
        try:
            await self._marks.insert_one({"_id": MARK, "sealed": sealed})
        except DuplicateKeyError:
            return False
        return True

    async def replace(self, sealed: str) -> None:
        await self._marks.update_one({"_id": MARK}, {"$set": {"sealed": sealed}})

"""GridFS."""

import hashlib
from io import BytesIO
from typing import Any

from bson import ObjectId
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario

FIVE_MEGABYTES = bytes(range(256)) * (5 * 4096)


def _digest(content: bytes) -> list[Any]:
    return [len(content), hashlib.sha256(content).hexdigest()]


@scenario
async def gridfs_five_megabytes(world: World) -> object:
    bucket = world.bucket()
    file_id = await bucket.upload_from_stream("big", BytesIO(FIVE_MEGABYTES), metadata={"of": "test"})
    stream = await bucket.open_download_stream(file_id)
    content = await stream.read()
    chunks = await world.db["fs.chunks"].count_documents({"files_id": file_id})
    return [_digest(content), chunks, await world.db["fs.files"].find_one({"_id": file_id})]


@scenario
async def gridfs_by_stream(world: World) -> object:
    bucket = world.bucket(bucket_name="own", chunk_size_bytes=1000)
    async with bucket.open_upload_stream("parts") as upload:
        for number in range(10):
            await upload.write(bytes([number]) * 777)
    target = BytesIO()
    await bucket.download_to_stream_by_name("parts", target)
    names = sorted(await world.db.list_collection_names())
    return [_digest(target.getvalue()), names, sorted(await world.db["own.chunks"].index_information())]


@scenario
async def gridfs_seek(world: World) -> object:
    bucket = world.bucket(chunk_size_bytes=512)
    file_id = await bucket.upload_from_stream("seek", FIVE_MEGABYTES[:5000])
    stream = await bucket.open_download_stream(file_id)
    pieces: list[Any] = []
    for position, length in ((4000, 10), (0, 3), (510, 5), (4999, 10), (5000, 1)):
        await stream.seek(position)
        pieces.append(list(await stream.read(length)))
    await stream.seek(-4, 2)
    return [pieces, list(await stream.read()), stream.length, stream.filename]


@scenario
async def gridfs_rename_and_delete(world: World) -> object:
    bucket = world.bucket()
    file_id = await bucket.upload_from_stream("before", b"content")
    await bucket.rename(file_id, "after")
    found = [each.filename for each in await rows(bucket.find({"_id": file_id}))]
    await bucket.delete(file_id)
    return [
        found,
        await world.db["fs.chunks"].count_documents({}),
        await attempt(bucket.delete(ObjectId("5f" + "0" * 22))),
        await attempt(bucket.rename(ObjectId("5f" + "0" * 22), "x")),
        await attempt(bucket.open_download_stream(ObjectId("5f" + "0" * 22))),
        await attempt(bucket.open_download_stream_by_name("before")),
    ]


@scenario
async def gridfs_revisions(world: World) -> object:
    bucket = world.bucket()
    for number in range(3):
        await bucket.upload_from_stream_with_id(f"id-{number}", "same name", f"text {number}".encode())
    found = []
    for revision in (0, 1, -1, 5):
        opened = await attempt(bucket.open_download_stream_by_name("same name", revision=revision))
        found.append(opened if isinstance(opened, dict) else await opened.read())
    await bucket.delete_by_name("same name")
    return [found, await world.db["fs.files"].count_documents({})]


@scenario
async def gridfs_find(world: World) -> object:
    bucket = world.bucket()
    for number in range(4):
        await bucket.upload_from_stream(f"file-{number}", b"x" * number, metadata={"n": number})
    files = await rows(bucket.find({"metadata.n": {"$gt": 0}}, sort=[("filename", -1)], limit=2))
    return [[each.filename, each.length, each.metadata, await each.read()] for each in files]


@scenario
async def gridfs_abort(world: World) -> object:
    bucket = world.bucket(chunk_size_bytes=100)
    upload = bucket.open_upload_stream("never")
    await upload.write(b"x" * 1000)
    await upload.abort()
    return [await world.db["fs.files"].count_documents({}), await world.db["fs.chunks"].count_documents({})]

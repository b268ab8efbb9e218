"""Who may open an app is said by grants; apps of before listed their members."""

from datetime import UTC, datetime

from hothouse.database.connection import Database, Document

REALM = "local"


async def run(database: Database) -> None:
    """Make members viewers, and apps that were open to members private."""
    apps = database["apps"]
    async for app in apps.find({"realm": REALM, "member_ids": {"$exists": True}}):
        is_by_hand = "member_emails" in app["overrides"]
        for user_id in app["member_ids"] if app["access"] == "members" else ():
            grant = _grant(app, user_id, "manual" if is_by_hand else "manifest")
            await database["grants"].update_one({"_id": grant["_id"]}, {"$setOnInsert": grant}, upsert=True)
        overrides = {key: _access(value) for key, value in app["overrides"].items() if key != "member_emails"}
        fields = {"access": _access(app["access"]), "overrides": overrides, "schema_version": 3}
        await apps.update_one({"_id": app["_id"]}, {"$set": fields, "$unset": {"member_ids": ""}})


def _access(value: object) -> object:
    return "private" if value == "members" else value


def _grant(app: Document, user_id: str, origin: str) -> Document:
    moment = datetime.now(UTC)
    resource, subject = f"app:{app['_id']}", f"user:{user_id}"
    return {
        "_id": f"{resource}|{subject}",
        "realm": REALM,
        "schema_version": 1,
        "resource": resource,
        "kind": "app",
        "resource_id": app["_id"],
        "subject": subject,
        "role": "viewer",
        "expires_at": None,
        "purge_at": None,
        "note": "",
        "granted_by": None,
        "granted_at": moment.replace(microsecond=moment.microsecond // 1000 * 1000),
        "origin": origin,
    }

"""API tokens: `hh_` and a secret, shown once, stored as a fingerprint."""

from datetime import datetime, timedelta

from hothouse.database.connection import Document
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import IssuedToken, NewToken, Token, User
from hothouse.identity.service.accounts import to_user
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_id, new_secret
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound

PREFIX = "hh_"
TOUCH_EVERY = timedelta(minutes=1)


class Tokens:
    """Issues, recognises and revokes API tokens."""

    def __init__(self, repository: IdentityRepository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def issue(self, user: User, new: NewToken, by: Principal | None = None) -> IssuedToken:
        """Make a token; its secret is in the answer and nowhere else. One made with a token ends with that at last."""
        secret, now = PREFIX + new_secret(), self._clock.now()
        ends = [now + timedelta(days=new.expires_in_days)] if new.expires_in_days else []
        if by and by.via == "token" and (used := await self._repository.token(by.credentials[0])):
            ends += filter(None, [used.get("expires_at")])
        scopes = sorted(set(new.scopes)) if new.scopes else None
        expires_at = min(ends, default=None)
        token = Token(id=new_id(), name=new.name, scopes=scopes, created_at=now, expires_at=expires_at)
        await self._repository.add_token(
            {
                "_id": token.id,
                "user_id": user.id,
                "name": token.name,
                "scopes": token.scopes,
                "expires_at": token.expires_at,
                "token_hash": fingerprint(secret),
                "created_at": token.created_at,
                "last_used_at": None,
            }
        )
        return IssuedToken(**token.model_dump(), token=secret)

    async def page(self, user: User, paging: PageRequest) -> Page[Token]:
        after = paging.after_time
        found = await self._repository.tokens_page(user.id, after, paging.limit + 1)
        tokens = [
            Token(
                id=one["_id"],
                scopes=one.get("scopes"),
                expires_at=one.get("expires_at"),
                **{key: one[key] for key in ("name", "created_at", "last_used_at")},
            )
            for one in found[: paging.limit]
        ]
        more = len(found) > paging.limit
        return Page(items=tokens, next_cursor=encode_cursor(tokens[-1].created_at.isoformat()) if more else None)

    async def revoke(self, user: User, token_id: str) -> None:
        """Raises: `NotFound` when the user has no such token."""
        if not await self._repository.remove_token(user.id, token_id):
            raise NotFound

    async def principal(self, secret: str) -> Principal:
        """Return who a token stands for; anyone when it stands for nobody."""
        token = await self._repository.token_by_hash(fingerprint(secret)) if secret.startswith(PREFIX) else None
        principal = await self._holder(token) if token else ANYONE
        now = self._clock.now()
        if (
            token is not None
            and principal.user
            and (token["last_used_at"] is None or now - token["last_used_at"] > TOUCH_EVERY)
        ):
            await self._repository.touch_token(token["_id"], now)
        return principal

    async def renewed(self, principal: Principal) -> Principal:
        """Return who the token of a principal stands for by now."""
        token = await self._repository.token(principal.credentials[0]) if principal.credentials else None
        return await self._holder(token) if token else ANYONE

    async def _holder(self, token: Document) -> Principal:
        ends: datetime | None = token.get("expires_at")
        user = await self._repository.user(token["user_id"])
        if user is None or not user["is_active"] or (ends is not None and ends <= self._clock.now()):
            return ANYONE
        scopes = token.get("scopes")
        return Principal(
            to_user(user), "token", credentials=(token["_id"],), scopes=None if scopes is None else tuple(scopes)
        )

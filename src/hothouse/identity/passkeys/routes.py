"""Routes of passkeys: one's own, and as the second step of signing in."""

from fastapi import APIRouter, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentStep, CurrentUser, CurrentVisitor, Identity, carry_on
from hothouse.identity.factors.routes import tell_whose, whose_step
from hothouse.identity.factors.schemas import CodeOnly
from hothouse.identity.passkeys.schemas import NewPasskey, Passkey, PasskeyAnswer, PasskeyNameChange, PasskeyOptions
from hothouse.identity.schemas import UserAnswer
from hothouse.kit.paging import Page
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])
anyone = [requires(Action.PUBLIC)]
own = [requires(Action.ACCOUNT)]


@router.get("/account/passkeys", operation_id="passkeys.list", dependencies=own)
async def list_passkeys(identity: Identity, user: CurrentUser) -> Page[Passkey]:
    """List the caller's passkeys, the oldest first; there are few, on one page."""
    return Page(items=await identity.passkeys.of(user))


@router.post(
    "/account/passkeys/begin",
    operation_id="passkeys.begin",
    status_code=status.HTTP_201_CREATED,
    dependencies=own,
)
async def begin_passkey(body: CodeOnly, identity: Identity, user: CurrentUser) -> PasskeyOptions:
    """Begin to register a passkey, with a code of the second factor."""
    tell_whose(user)
    return await identity.passkeys.begin(user, body.code)


@router.post("/account/passkeys", operation_id="passkeys.add", status_code=status.HTTP_201_CREATED, dependencies=own)
async def add_passkey(body: NewPasskey, identity: Identity, user: CurrentUser) -> Passkey:
    """Register the passkey that the browser made; it can then be used in place of a code."""
    tell_whose(user)
    made = await identity.passkeys.add(user, body.name, body.credential)
    current_trail().change(after={"passkey": made.name})
    return made


@router.patch("/account/passkeys/{passkey_id}", operation_id="passkeys.rename", dependencies=own)
async def rename_passkey(passkey_id: str, body: PasskeyNameChange, identity: Identity, user: CurrentUser) -> Passkey:
    """Call a passkey otherwise."""
    tell_whose(user)
    renamed = await identity.passkeys.rename(user, passkey_id, body.name)
    current_trail().change(after={"passkey": renamed.name})
    return renamed


@router.post(
    "/account/passkeys/{passkey_id}/remove",
    operation_id="passkeys.remove",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def remove_passkey(passkey_id: str, body: CodeOnly, identity: Identity, user: CurrentUser) -> None:
    """Do without a passkey from now on, with a code of the second factor."""
    tell_whose(user)
    removed = await identity.passkeys.remove(user, passkey_id, body.code)
    current_trail().change(before={"passkey": removed.name})


@router.post(
    "/auth/second-step/passkey/begin",
    operation_id="auth.begin-passkey",
    status_code=status.HTTP_201_CREATED,
    dependencies=anyone,
)
async def begin_step(identity: Identity, secret: CurrentStep) -> PasskeyOptions:
    """Get what to ask a passkey, to finish a sign-in with it."""
    user = await whose_step(identity, secret)
    tell_whose(user)
    return await identity.passkeys.ask(user.id, identity.sign_in.step_id(secret))


@router.post("/auth/second-step/passkey", operation_id="auth.passkey", dependencies=anyone)
async def answer_step(
    body: PasskeyAnswer, identity: Identity, secret: CurrentStep, visitor: CurrentVisitor, response: Response
) -> UserAnswer:
    """Finish a sign-in with what a passkey answered; the answer sets the session cookie."""
    tell_whose(await whose_step(identity, secret))

    async def use(user_id: str) -> None:
        await identity.passkeys.use(user_id, identity.sign_in.step_id(secret), body.credential)

    opened = await identity.sign_in.answer_by(secret, use, visitor)
    carry_on(response, identity, opened)
    return UserAnswer(user=opened.user)

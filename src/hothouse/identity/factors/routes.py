"""Routes of the second factor: one's own, and the second step of signing in."""

from fastapi import APIRouter, Response, status

from hothouse.access.dependencies import requires, who_is
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import (
    CurrentPrincipal,
    CurrentStep,
    CurrentUser,
    CurrentVisitor,
    Identity,
    carry_on,
    drop_step_cookie,
)
from hothouse.identity.factors.errors import SecondStepOver
from hothouse.identity.factors.schemas import (
    CodeOnly,
    FactorOffer,
    PendingStep,
    RecoveryCodes,
    SecondFactor,
    SetUpAnswer,
    SetUpRequest,
)
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User, UserAnswer
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])
anyone = [requires(Action.PUBLIC)]
own = [requires(Action.ACCOUNT)]


@router.get("/account/second-factor", operation_id="second-factor.show", dependencies=own)
async def show_factor(identity: Identity, user: CurrentUser) -> SecondFactor:
    """Say how it is with the caller's second factor."""
    return await identity.factors.show(user)


@router.post(
    "/account/second-factor",
    operation_id="second-factor.begin",
    status_code=status.HTTP_201_CREATED,
    dependencies=own,
)
async def begin_set_up(
    body: SetUpRequest, identity: Identity, user: CurrentUser, principal: CurrentPrincipal
) -> FactorOffer:
    """Get a key for an authenticator app, with the password or a code of the present second factor."""
    tell_whose(user)
    return await identity.factors.begin(principal, body.current_password, body.code)


@router.post("/account/second-factor/confirm", operation_id="second-factor.confirm", dependencies=own)
async def confirm_set_up(
    body: CodeOnly, identity: Identity, user: CurrentUser, principal: CurrentPrincipal
) -> RecoveryCodes:
    """Turn the second factor on with a code of the app, which ends all sessions but this one; API tokens stay."""
    tell_whose(user)
    codes = await identity.factors.confirm(principal, body.code)
    current_trail().change(after={"second_factor": "on"})
    return codes


@router.post("/account/second-factor/recovery-codes", operation_id="second-factor.renew-codes", dependencies=own)
async def renew_codes(body: CodeOnly, identity: Identity, user: CurrentUser) -> RecoveryCodes:
    """Replace the recovery codes by ten new ones."""
    tell_whose(user)
    return await identity.factors.renew_codes(user, body.code)


@router.post(
    "/account/second-factor/turn-off",
    operation_id="second-factor.turn-off",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def turn_off(body: CodeOnly, identity: Identity, user: CurrentUser) -> None:
    """Sign in without a second factor from now on."""
    tell_whose(user)
    await identity.factors.turn_off(user, body.code)
    current_trail().change(before={"second_factor": "on"}, after={"second_factor": "off"})


@router.get("/auth/second-step", operation_id="auth.show-second-step", dependencies=anyone)
async def show_step(identity: Identity, secret: CurrentStep) -> PendingStep:
    """Say whether a sign-in in this browser waits for its second step."""
    return PendingStep(pending=await identity.sign_in.pending(secret))


@router.post("/auth/second-step", operation_id="auth.second-step", dependencies=anyone)
async def answer_step(
    body: CodeOnly, identity: Identity, secret: CurrentStep, visitor: CurrentVisitor, response: Response
) -> UserAnswer:
    """Finish a sign-in with a code of the second factor; the answer sets the session cookie."""
    tell_whose(await whose_step(identity, secret))
    opened = await identity.sign_in.answer(secret, body.code, visitor)
    carry_on(response, identity, opened)
    return UserAnswer(user=opened.user)


@router.delete(
    "/auth/second-step",
    operation_id="auth.give-up",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=anyone,
)
async def give_up(identity: Identity, secret: CurrentStep, response: Response) -> None:
    """Begin anew, perhaps as somebody else."""
    await identity.sign_in.give_up(secret)
    drop_step_cookie(response, identity)


@router.post(
    "/auth/second-step/set-up",
    operation_id="auth.begin-set-up",
    status_code=status.HTTP_201_CREATED,
    dependencies=anyone,
)
async def begin_step_set_up(identity: Identity, secret: CurrentStep) -> FactorOffer:
    """Get a key for an authenticator app, where one is needed to sign in."""
    tell_whose(await whose_step(identity, secret))
    return await identity.sign_in.begin_set_up(secret)


@router.post("/auth/second-step/set-up/confirm", operation_id="auth.finish-set-up", dependencies=anyone)
async def finish_step_set_up(
    body: CodeOnly, identity: Identity, secret: CurrentStep, visitor: CurrentVisitor, response: Response
) -> SetUpAnswer:
    """Turn the second factor on with a code of the app, and sign in."""
    tell_whose(await whose_step(identity, secret))
    opened, codes = await identity.sign_in.finish_set_up(secret, body.code, visitor)
    current_trail().change(after={"second_factor": "on"})
    carry_on(response, identity, opened)
    return SetUpAnswer(user=opened.user, recovery_codes=codes.recovery_codes)


async def whose_step(identity: Identity, secret: str | None) -> User:
    """Return who is at the second step. Raises: `SecondStepOver`."""
    user = await identity.sign_in.who(secret)
    if user is None:
        raise SecondStepOver
    return user


def tell_whose(user: User) -> None:
    """Tell the trail whose second factor it is about, and that it is they who ask."""
    trail = current_trail()
    if trail.who.id is None:
        trail.by(who_is(Principal(user, "session")))
    trail.concerns("user", user.id, user.email)

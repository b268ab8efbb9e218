"""Routes of device login."""

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires, who_is
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentVisitor, Identity
from hothouse.identity.device_login.schemas import (
    DeviceApproval,
    DeviceCode,
    DeviceCodeOnly,
    DeviceRequest,
    DeviceToken,
    NewDeviceLogin,
    UserCodeOnly,
)
from hothouse.identity.principal import Principal
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1/device", tags=["identity"])
anyone = [requires(Action.PUBLIC)]
own = [requires(Action.ACCOUNT)]


@router.post("/code", operation_id="device.begin", dependencies=anyone)
async def begin(body: NewDeviceLogin, identity: Identity, visitor: CurrentVisitor) -> DeviceCode:
    """Begin to sign a device in; a person decides about it at the address in the answer (RFC 8628)."""
    return await identity.device_logins.begin(body, visitor)


@router.post("/token", operation_id="device.token", dependencies=anyone)
async def poll(body: DeviceCodeOnly, identity: Identity) -> DeviceToken:
    """Ask whether it was decided; the API token is in this answer only. Until then 400 with an `error` code."""
    got = await identity.device_logins.poll(body.device_code)
    trail = current_trail()
    trail.by(who_is(Principal(got.user, "session")))
    trail.concerns("token", got.token.id, got.token.name)
    trail.change(after=got.token.model_dump(mode="json", include={"name", "scopes", "expires_at"}))
    return got


@router.post("/request", operation_id="device.show", dependencies=own)
async def show_request(
    body: UserCodeOnly, identity: Identity, principal: CurrentPrincipal, visitor: CurrentVisitor
) -> DeviceRequest:
    """Say what the device that shows a code asks for."""
    return await identity.device_logins.look_at(principal, body.user_code, visitor)


@router.post("/approve", operation_id="device.approve", status_code=status.HTTP_204_NO_CONTENT, dependencies=own)
async def approve(body: DeviceApproval, identity: Identity, principal: CurrentPrincipal) -> None:
    """Let the device have an API token of the caller's, for what it asked for or less."""
    trail = current_trail()
    trail.concerns("device", None, body.device_name)
    await identity.device_logins.approve(principal, body)
    trail.change(after={"scopes": body.scopes, "expires_in_days": body.expires_in_days})


@router.post("/deny", operation_id="device.deny", status_code=status.HTTP_204_NO_CONTENT, dependencies=own)
async def deny(body: UserCodeOnly, identity: Identity, principal: CurrentPrincipal) -> None:
    """Refuse the device."""
    current_trail().concerns("device", None, await identity.device_logins.deny(principal, body.user_code))

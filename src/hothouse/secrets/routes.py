"""HTTP routes of the keys under which secrets are sealed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.kit.trail import current_trail
from hothouse.secrets.schemas import RotationResult
from hothouse.secrets.service import Rotation

router = APIRouter(prefix="/api/v1/secrets", tags=["secrets"])


def rotation_of(request: Request) -> Rotation:
    rotation: Rotation = request.app.state.rotation
    return rotation


@router.post("/rotate", operation_id="secrets.rotate", dependencies=[requires(Action.PLATFORM_ADMIN)])
async def rotate_keys(rotation: Annotated[Rotation, Depends(rotation_of)]) -> RotationResult:
    """Seal all secrets with a new key and forget the one of before; done again, it finishes what was broken off."""
    result = await rotation.rotate()
    current_trail().change(after=result.model_dump())
    return result

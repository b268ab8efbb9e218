"""The caller's own account: name, password, sessions."""

from fastapi import APIRouter

router = APIRouter()

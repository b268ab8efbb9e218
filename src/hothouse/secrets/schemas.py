"""What people are told about keys."""

from pydantic import BaseModel, Field


class RotationResult(BaseModel):
    """How a change of keys went."""

    key_id: str = Field(description="What the key is called that seals from now on; tells nothing of the key.")
    resealed: int = Field(description="How many secrets were sealed anew.")
    unreadable: list[str] = Field(
        description="Secrets that no key opened, and that stay as they are: set them again. Places, not values."
    )

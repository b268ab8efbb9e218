"""What is told of workloads, whatever they run for."""

from pydantic import BaseModel, Field


class UsageNow(BaseModel):
    """What a workload uses at the moment."""

    cpu_percent: float = Field(description="Share of one core; 200 means two cores busy.")
    memory_bytes: int
    memory_limit_bytes: int | None
    processes: int
    disk_bytes: int | None = Field(None, description="What its folders hold; null where nothing measures them.")
    disk_limit_bytes: int | None = Field(None, description="What they may hold.")
    received_bytes_per_second: float | None = Field(
        None, description="From visitors, the platform and the internet; null where that cannot be told in full."
    )
    sent_bytes_per_second: float | None = Field(None, description="The other way.")

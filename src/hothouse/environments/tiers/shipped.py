"""The tiers that every installation has from its first start."""

from hothouse.environments.tiers.schemas import TierFields

GIB = 2**30
SHIPPED = {
    "free": TierFields(
        title="Free",
        rank=10,
        environments=1,
        cpu=1,
        memory_bytes=2 * GIB,
        disk_bytes=5 * GIB,
        lifetime_hours=12,
        idle_minutes=30,
    ),
    "basic": TierFields(title="Basic", rank=20, environments=5, cpu=4, memory_bytes=8 * GIB, idle_minutes=60),
    "premium": TierFields(
        title="Premium",
        rank=30,
        environments=10,
        cpu=16,
        memory_bytes=32 * GIB,
        gpus=1,
        disk_bytes=50 * GIB,
        idle_minutes=240,
    ),
    "enterprise": TierFields(
        title="Enterprise",
        rank=40,
        environments=25,
        cpu=64,
        memory_bytes=256 * GIB,
        gpus=8,
        disk_bytes=200 * GIB,
        idle_minutes=720,
    ),
}

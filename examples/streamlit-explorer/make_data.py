"""Make `greenhouse.csv`: synthetic measurements of five crops over a season, the same at every run."""

import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

# Name, its preferred temperature in °C, and how many cm it grows on a perfect day.
CROPS = [("Basil", 24, 0.9), ("Cucumber", 25, 2.6), ("Lettuce", 17, 0.6), ("Pepper", 26, 1.1), ("Tomato", 23, 1.9)]
FIRST_DAY = date(2026, 3, 1)
DAYS = 120


def rows(seed: int = 7) -> list[dict[str, object]]:
    """Return one row for each day and crop, in the order of days."""
    chance = random.Random(seed)
    heights = {crop: 4.0 for crop, _, _ in CROPS}
    made: list[dict[str, object]] = []
    for day in range(DAYS):
        light = 9 + 5 * math.sin(math.pi * day / DAYS) + chance.gauss(0, 1.2)
        for crop, preferred, speed in CROPS:
            temperature = 15 + 0.9 * light * 0.8 + chance.gauss(0, 1.5)
            comfort = math.exp(-(((temperature - preferred) / 6) ** 2))
            heights[crop] += max(0.0, speed * comfort * light / 12 + chance.gauss(0, 0.08))
            made.append(
                {
                    "date": (FIRST_DAY + timedelta(days=day)).isoformat(),
                    "crop": crop,
                    "temperature_c": round(temperature, 1),
                    "humidity_pct": round(min(98, max(35, 92 - 1.3 * temperature + chance.gauss(0, 5)))),
                    "light_h": round(max(4.0, light), 1),
                    "height_cm": round(heights[crop], 1),
                }
            )
    return made


if __name__ == "__main__":
    data = rows()
    with (Path(__file__).parent / "greenhouse.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(data[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(data)

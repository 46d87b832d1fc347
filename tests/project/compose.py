"""docker-compose.yml as the tests read it."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# Those that run our image; the others are PostgreSQL, Redis and nginx.
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("lodestone:")}

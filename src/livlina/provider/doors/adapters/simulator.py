"""The lock simulator as a maker: `livlina simulate locks` has an address where a lock can be told its new epoch."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from livlina.core import keys, processes
from livlina.core.models import Municipality
from livlina.provider.doors.adapters.base import Vendor, VendorFault
from livlina.provider.doors.models import Lock
from livlina.provider.doors.street import CONFIG, written

WAIT = 3.0  # seconds


class Simulator(Vendor):
    """Locks of the demo and of tests. Without an address (`LIVLINA_LOCK_BRIDGE`) they are told by nobody."""

    takes = frozenset({"rekey"})

    def __init__(self) -> None:
        super().__init__("simulator", "Låssimulatorn")

    def rekey(self, lock: Lock, detail: Mapping[str, Any]) -> None:
        """Tell the lock its epoch."""
        self._post(f"/locks/{lock.number}/epoch", {"epoch": int(detail["epoch"])})

    def _post(self, path: str, said: Mapping[str, Any]) -> None:
        address = getattr(settings, "LOCK_BRIDGE", "")
        if urlsplit(address).scheme not in ("http", "https"):
            raise VendorFault("Låssimulatorn är inte i gång.")
        asked = Request(  # noqa: S310 - the scheme is one of two
            f"{address}{path}", data=json.dumps(said).encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urlopen(asked, timeout=WAIT) as answer:  # noqa: S310
                answer.read(10_000)
        except (URLError, TimeoutError, OSError) as fault:
            raise VendorFault(f"Låssimulatorn svarar inte: {fault}") from fault


def tell_street(municipality_id: int, now: datetime) -> None:
    """Write anew which locks the simulator has. In the demo alone, whose people are invented: it shows their names."""
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=municipality_id)
    public = keys.current(municipality_id, "doors", now).public.hex()
    locks = Lock.objects.filter(vendor="simulator").exclude(state="removed").select_related("person")
    rows = [
        (lock.number, lock.area, lock.epoch, f"{lock.person.name}, {lock.place.lower()}")
        for lock in locks.order_by("number")
    ]
    processes.write_private(Path(settings.STATE_DIR) / CONFIG, written(slug, public, rows))

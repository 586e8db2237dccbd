"""Who sends what is refused: so much of it in a minute, and no more of theirs is looked at for a while.

Counted is what nobody signed, so that Stripe's own webhooks wait for nobody, however many they are. Proxies are not
senders: where the address is not one of the internet's, the proxy in front has not said who it is (`deploy.md`), and
one who floods would shut the door for all.
"""

import ipaddress
import time
from collections import OrderedDict, deque

_WINDOW_SECONDS = 60.0
# Of so many senders the latest are remembered.
_REMEMBERED = 10_000


class Senders:
    """Counts refusals by sender, for one thread. `per_minute` 0: nobody is limited."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._refused: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_of(self, sender: str | None) -> int:
        """Seconds until something of this sender's is looked at again; 0: now."""
        times = self._refused.get(_counted_as(sender))
        if times is None or len(times) < self._most:
            return 0
        left = times[0] + _WINDOW_SECONDS - time.monotonic()
        return max(0, int(left) + 1) if left > 0 else 0

    def refused(self, sender: str | None) -> None:
        """Something of theirs was."""
        counted = _counted_as(sender)
        if not self._most or not counted:
            return
        times = self._refused.setdefault(counted, deque(maxlen=self._most))
        times.append(time.monotonic())
        self._refused.move_to_end(counted)
        if len(self._refused) > _REMEMBERED:
            self._refused.popitem(last=False)


def _counted_as(sender: str | None) -> str:
    """Who it is, by its address; of IPv6 by the 64 bits that a subscriber is given, since the others are his to change.

    Empty: nobody of the internet.
    """
    try:
        address = ipaddress.ip_address(sender or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global:
        return ""
    return str(address) if address.version == 4 else str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))

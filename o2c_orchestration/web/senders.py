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
        times = self._refused.get(sender or "")
        if times is None or len(times) < self._most:
            return 0
        left = times[0] + _WINDOW_SECONDS - time.monotonic()
        return max(0, int(left) + 1) if left > 0 else 0

    def refused(self, sender: str | None) -> None:
        """Something of theirs was."""
        if not self._most or sender is None or not _of_the_internet(sender):
            return
        times = self._refused.setdefault(sender, deque(maxlen=self._most))
        times.append(time.monotonic())
        self._refused.move_to_end(sender)
        if len(self._refused) > _REMEMBERED:
            self._refused.popitem(last=False)


def _of_the_internet(sender: str) -> bool:
    try:
        return ipaddress.ip_address(sender).is_global
    except ValueError:
        return False

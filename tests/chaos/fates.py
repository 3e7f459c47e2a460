"""What befalls a request on its way through the proxy: decided by a seed, and by nothing else."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Fate(Enum):
    """One way for a request to fare; the value is how it is called in the table."""

    PASSED = "passed on"
    CUT_BEFORE = "cut before the request was forwarded"
    CUT_IN_REQUEST = "cut in the middle of the request"
    CUT_UNAWAITED = "cut after the request, the service at work"
    CUT_COMMITTED = "cut after the service committed, before the answer"
    CUT_IN_ANSWER = "cut in the middle of the answer"
    BUSY = "answered 503, not forwarded"
    LIMITED = "answered 429, not forwarded"
    GATEWAY = "answered 504 after the service committed"


TROUBLE: Final = tuple(fate for fate in Fate if fate is not Fate.PASSED)
ANSWERED: Final = frozenset({Fate.PASSED, Fate.CUT_COMMITTED, Fate.CUT_IN_ANSWER, Fate.GATEWAY})
"""The service's answer is waited for: by then it has committed."""
KEPT: Final = frozenset({Fate.PASSED, Fate.BUSY, Fate.LIMITED, Fate.GATEWAY})
"""The connection lives on afterwards."""
STORED_UNSEEN: Final = frozenset(
    {Fate.CUT_UNAWAITED, Fate.CUT_COMMITTED, Fate.CUT_IN_ANSWER, Fate.GATEWAY}
)
"""After these the service has stored what its client has no answer to."""


@dataclass(frozen=True)
class Draw:
    """A fate with its particulars.

    Attributes:
        fate: What happens.
        part: Where in the request or the answer it is cut, from 0 to below 1.
        reset: Whether the cut is a reset of the connection, or else its plain end.
    """

    fate: Fate
    part: float
    reset: bool


@dataclass
class Plan:
    """Draws a fate for each request, so that a run can be repeated whatever its threads do.

    The fate depends on the seed, on what is sent and on how often that has been sent before, and
    not on the order in which requests come.

    Attributes:
        seed: What the fates follow from.
        trouble: How likely a request is not just passed on, from 0 to 1.
        drawn: How often each fate was drawn.
    """

    seed: int
    trouble: float
    drawn: Counter[Fate] = field(default_factory=Counter)
    _seen: Counter[bytes] = field(default_factory=Counter)

    def draw(self, request: bytes) -> Draw:
        """Draw the fate of a request, given its method, path and body."""
        digest = hashlib.sha256(request).digest()
        chance = random.Random(f"{self.seed} {self._seen[digest]} {digest.hex()}")
        self._seen[digest] += 1
        fate = chance.choice(TROUBLE) if chance.random() < self.trouble else Fate.PASSED
        self.drawn[fate] += 1
        return Draw(fate, part=chance.random(), reset=chance.random() < 0.5)

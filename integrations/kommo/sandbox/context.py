"""What a handler works with: the account, and the machinery around it."""

from dataclasses import dataclass

from .background import Background
from .calls import CallLog
from .courier import Courier
from .faults import Faults
from .signals import Signals
from .world import World


@dataclass(frozen=True, slots=True)
class Sandbox:
    world: World
    faults: Faults
    background: Background
    signals: Signals
    courier: Courier
    calls: CallLog

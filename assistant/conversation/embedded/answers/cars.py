"""How a car or an order is called in a sentence."""

from typing import Protocol

from assistant.conversation.embedded.slots import plain
from integrations.workshop.orders import UNNAMED, order_name

FEMININE = frozenset(
    {
        "saveiro",
        "amarok",
        "kombi",
        "parati",
        "variant",
        "brasilia",
        "quantum",
        "strada",
        "toro",
        "hilux",
        "s10",
        "ranger",
    }
    | {"montana", "ecosport", "spin", "zafira", "meriva"}
)
"""Models that Brazilians call "a": "a sua Saveiro"."""


class Car(Protocol):
    """What has a name and a plate: an order, a quote, an account, a visit, a vehicle."""

    @property
    def vehicle(self) -> str: ...

    @property
    def plate(self) -> str | None: ...


class OrderLike(Car, Protocol):
    """A car with the number of its order."""

    @property
    def number(self) -> str: ...


def label(car: Car) -> str:
    """`VW Gol (ABC1D23)`; without plate `VW Gol`."""
    name = "veículo" if car.vehicle == UNNAMED else car.vehicle
    return f"{name} ({car.plate})" if car.plate else name


def yours(car: Car, name: str | None = None) -> str:
    """`o seu VW Gol (ABC1D23)`, `a sua VW Saveiro (…)`; `name` replaces the car's label."""
    return f"{'a sua' if _feminine(car) else 'o seu'} {name or label(car)}"


def of_yours(car: Car, name: str | None = None) -> str:
    """`do seu VW Gol (ABC1D23)`."""
    return f"d{yours(car, name)}"


def it(car: Car) -> str:
    """`ele` or `ela`."""
    return "ela" if _feminine(car) else "ele"


def _feminine(car: Car) -> bool:
    return not FEMININE.isdisjoint(plain(car.vehicle).split())


def order_label(order: OrderLike) -> str:
    """`VW Jetta (GHI5J67), OS-1044`."""
    return f"{label(order)}, {order_name(order.number)}"

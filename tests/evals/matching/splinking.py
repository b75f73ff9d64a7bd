"""Splink on the labelled set: the same fields in the same normal forms, its usual comparisons, learnt without labels.

Splink (Ministry of Justice of the United Kingdom) is the reference for probabilistic record linkage. It sees the phones
of linked orders as the matcher does. A lead is merged when its best pair reaches a threshold.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pyarrow
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from integrations.contact import folded_name, normal_document, normal_email, normal_phone, normal_plate
from integrations.workshop.normal.document import read_document
from integrations.workshop.normal.vehicle import key
from tests.evals.matching.measuring import SHOWN, Outcome, wanted
from tests.evals.matching.records import LabelledSet, Lead, Profile

Pairs = Mapping[int, Sequence[tuple[float, UUID]]]
"""For each lead, what it may be: match weight and profile, the best first."""

BLOCKS: Sequence[Any] = (
    block_on("phones", arrays_to_explode=["phones"]),
    block_on("plates", arrays_to_explode=["plates"]),
    block_on("document"),
    block_on("email"),
    block_on("first", "last"),
    block_on("first", "second"),
)


def splink_outcome(data: LabelledSet) -> dict[str, Outcome]:
    """At the lowest threshold without a wrong merge, and at the one that merges with a precision of 0.99."""
    pairs = _pairs(data)
    ranked = sorted(
        ((found[0][0], data.leads[lead].truth == found[0][1]) for lead, found in pairs.items() if found), reverse=True
    )
    return {
        "Splink, precision 1": _outcome(data, pairs, _threshold(ranked, 1.0)),
        "Splink, precision 0.99": _outcome(data, pairs, _threshold(ranked, 0.99)),
    }


def _threshold(ranked: Sequence[tuple[float, bool]], precision: float) -> float:
    """The lowest weight from which on the merges are precise enough."""
    best, right = float("inf"), 0
    for place, (weight, is_right) in enumerate(ranked, start=1):
        right += is_right
        following = ranked[place][0] if place < len(ranked) else float("-inf")
        if right / place >= precision and following < weight:
            best = weight
    return best


def _outcome(data: LabelledSet, pairs: Pairs, threshold: float) -> Outcome:
    outcome = Outcome()
    for number, lead in enumerate(data.leads):
        found = pairs.get(number, ())
        outcome.count(
            lead, found[0][1] if found and found[0][0] >= threshold else None, [one for _, one in found[:SHOWN]]
        )
    return outcome


def _pairs(data: LabelledSet) -> Pairs:
    database = DuckDBAPI()
    phones: dict[UUID, list[str | None]] = {}
    for order in data.orders:
        if order.customer_id is not None:
            phones.setdefault(order.customer_id, []).append(normal_phone(order.client_phone))
    leads = [_lead_row(number, lead) for number, lead in enumerate(data.leads)]
    profiles = [_profile_row(profile, phones.get(profile.id, [])) for profile in data.profiles]
    tables = [
        database.register(pyarrow.Table.from_pylist(rows, schema=SCHEMA), dataset_display_name=name)
        for name, rows in (("a_leads", leads), ("b_profiles", profiles))
    ]
    linker = Linker(tables, _settings(), log_level="ERROR")
    _train(linker)
    found: dict[int, list[tuple[float, UUID]]] = {}
    for row in linker.inference.predict().as_record_list():
        lead, profile = sorted((row["unique_id_l"], row["unique_id_r"]), key=len)
        found.setdefault(int(lead), []).append((row["match_weight"], UUID(profile)))
    return {lead: sorted(best, key=lambda one: (-one[0], one[1])) for lead, best in found.items()}


SCHEMA = pyarrow.schema(
    [
        *((name, pyarrow.string()) for name in ("unique_id", "first", "second", "last", "document", "email", "model")),
        ("phones", pyarrow.list_(pyarrow.string())),
        ("plates", pyarrow.list_(pyarrow.string())),
    ]
)


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("first", [0.92, 0.8]),
            compare.JaroWinklerAtThresholds("last", [0.92, 0.8]),
            compare.JaroWinklerAtThresholds("second", [0.92]),
            compare.ArrayIntersectAtSizes("phones", [1]),
            compare.ArrayIntersectAtSizes("plates", [1]),
            compare.ExactMatch("document"),
            compare.ExactMatch("email"),
            compare.ExactMatch("model"),
        ],
        blocking_rules_to_generate_predictions=list(BLOCKS),
    )


def _train(linker: Any) -> None:
    linker.training.estimate_probability_two_random_records_match([block_on("document"), block_on("email")], recall=0.2)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first", "last"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("document"))


def _name(full_name: str) -> dict[str, str | None]:
    words = [word for word in folded_name(full_name).split() if word not in ("da", "de", "do", "das", "dos", "e")]
    return {
        "first": words[0] if words else None,
        "second": words[1] if len(words) > 2 else None,
        "last": words[-1] if len(words) > 1 else None,
    }


def _lead_row(number: int, lead: Lead) -> dict[str, Any]:
    asked = wanted(lead)
    plate = normal_plate(asked.plate)
    return {
        "unique_id": str(number),
        **_name(lead.name),
        "phones": list(asked.phones) or None,
        "plates": [plate] if plate else None,
        "document": asked.document,
        "email": asked.email,
        "model": key(asked.model) if asked.model else None,
    }


def _profile_row(profile: Profile, order_phones: Sequence[str | None]) -> dict[str, Any]:
    phones = {phone for phone in (normal_phone(profile.phone), *order_phones) if phone}
    plates = {plate for plate in (normal_plate(car.plate) for car in profile.cars) if plate}
    document = read_document(profile.cpf).value
    return {
        "unique_id": str(profile.id),
        **_name(profile.full_name),
        "phones": sorted(phones) or None,
        "plates": sorted(plates) or None,
        "document": normal_document(document.number) if document else None,
        "email": normal_email(profile.email),
        "model": key(profile.cars[0].model) if profile.cars else None,
    }

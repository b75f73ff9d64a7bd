"""The verdict on a text for one customer: what this shop and this customer may read, and what is left over.

The database is asked only about what a text holds: addresses of the shop when it has one, plates of the customer when
it has one, and by name whether somebody else's is in it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.factcheck.claim import Claim
from assistant.conversation.factcheck.finders import find_all
from assistant.conversation.factcheck.identifiers import ContactClaim
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.outgoing.addresses import Own, find_addresses, own_contacts
from assistant.conversation.outgoing.artefacts import Secrets, find_artefacts
from assistant.conversation.outgoing.characters import find_letters
from assistant.conversation.outgoing.kinds import Forbidden, Objection
from assistant.conversation.outgoing.people import addressed, find_plates, full_names, words_of
from assistant.tools.toolbox import Speaker
from integrations.contact import name_key, normal_plate
from integrations.settings import SHOP_ZONE
from integrations.workshop.customers import full_names_of, names_of_others, vehicles_of
from integrations.workshop.orders import orders_of
from integrations.workshop.shop import ShopProfile, shop_profile


class Screen:
    """Looks through texts; one instance serves all turns."""

    def __init__(
        self, hosts: frozenset[str], pix_key: str | None, shop_texts: Sequence[str], secrets: Sequence[str]
    ) -> None:
        self._hosts = hosts
        self._pix_key = pix_key
        self._shop_texts = shop_texts
        """Texts of the settings whose numbers and e-mails customers may read."""
        self._secrets = Secrets(secrets)

    async def objections(
        self, session: AsyncSession, text: str, speaker: Speaker, customer_said: str, now: datetime
    ) -> list[Objection]:
        """What in `text` must not be sent to `speaker`, whose own words of this talk are `customer_said`."""
        local = now.astimezone(SHOP_ZONE)
        reading = Reading.of(text)
        claims = find_all(reading, local)
        own = await self._own(session, reading, claims, local)
        found = chain(
            find_letters(text),
            find_artefacts(text, self._pix_key),
            self._secrets.find(text),
            find_addresses(reading, claims, own),
        )
        foreign = [*found, *await _plates(session, reading, claims, speaker, customer_said, local)]
        return list(dict.fromkeys([*foreign, *await _names(session, text, speaker, customer_said)]))

    async def _own(self, session: AsyncSession, reading: Reading, claims: Sequence[Claim], now: datetime) -> Own:
        """The shop's addresses; its profile is read when the text has any."""
        digits = sum(char.isdigit() for char in reading.plain)
        if not any(isinstance(claim, ContactClaim) for claim in claims) and digits < FEWEST_DIGITS:
            return Own(self._hosts, self._pix_key)
        texts = [*self._shop_texts, *_profile_texts(await shop_profile(session))]
        contacts = [own_contacts(find_all(Reading.of(each), now)) for each in texts]
        return Own(self._hosts, self._pix_key, frozenset(chain.from_iterable(contacts)))


FEWEST_DIGITS = 8
"""A text with fewer digits has no phone and no document in it."""


def _profile_texts(profile: ShopProfile) -> Iterator[str]:
    yield from filter(None, (profile.phone, profile.whatsapp))
    for unit in profile.units:
        yield from filter(None, (unit.telefone, unit.endereco))


async def _plates(
    session: AsyncSession, reading: Reading, claims: Sequence[Claim], speaker: Speaker, said: str, now: datetime
) -> list[Objection]:
    """Plates that are neither on a vehicle or order of this customer nor in their own words."""
    told = Reading.of(said)
    theirs = {plate for _, plate in find_plates(told, find_all(told, now))}
    others = [(written, plate) for written, plate in find_plates(reading, claims) if plate not in theirs]
    if not others:
        return []
    orders = await orders_of(session, speaker.customer_ids, speaker.phone)
    vehicles = await vehicles_of(session, speaker.customer_ids)
    own = {normal_plate(plate) for plate in (*(o.plate for o in orders), *(car.plate for car in vehicles))}
    return [Objection(Forbidden.PLATE, written) for written, plate in others if plate not in own]


async def _names(session: AsyncSession, text: str, speaker: Speaker, said: str) -> list[Objection]:
    """Names of other customers, unless this one has the same.

    A full name is not even repeated to whoever wrote it: that would confirm a customer. A first name is, because people
    say who they are.
    """
    told = words_of(said, speaker.name)
    full = full_names(text)
    first = addressed(text) - told
    others = await names_of_others(session, full, first, speaker.customer_ids)
    if not others:
        return []
    own = await full_names_of(session, speaker.customer_ids)
    profile = await shop_profile(session)
    ours = [*own, profile.name or "", *(unit.nome for unit in profile.units)]
    known = {name_key(name) for name in ours} | words_of(*own)
    return [Objection(Forbidden.NAME, name) for name in others if name not in known]

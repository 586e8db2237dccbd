"""A thousand records of customers in three systems, made from a seed, and which of them are the same customer.

Written without a look at how they are matched: names are put together from words, then mangled as people do it.
Nothing here imports the code that is measured but the type of a record.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from o2c_orchestration.domain.matching import Party

SEED = 20261126
RECORDS = 1000
SYSTEMS = ("salesforce", "stripe", "netsuite")


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    """
    Alder Apex Arbor Aster Atlas Aurora Basalt Beacon Birch Blue Bright Canyon Cedar Cinder Clear Cobalt Copper
    Coral Crest Crown Delta Drift Eagle Echo Ember Falcon Fern Flint Forge Fox Garnet Glacier Golden Granite
    Green Grove Harbor Hazel Heron Hollow Horizon Iron Ivory Jade Juniper Kestrel Lark Laurel Lumen Maple Marble
    Meridian Mint Moss North Oak Olive Onyx Opal Orchid Osprey Pearl Pine Pioneer Quartz Quill Raven Redwood
    Ridge River Robin Saffron Sage Sand Silver Sparrow Spruce Stone Summit Swift Thistle Timber Topaz Tundra
    Umber Valley Velvet Vista Walnut Willow Winter Wren Zephyr Zenith Müller Société Łódź Ångström Señor Björk
    Çelik Dvořák
    """
)
SECOND = _words(
    """
    Analytics Bakery Bikes Biotech Books Capital Ceramics Chemicals Clinics Coffee Consulting Cloud Design
    Dynamics Electric Energy Engineering Foods Freight Furniture Games Gardens Glass Health Homes Hotels Imaging
    Instruments Insurance Interiors Labs Lighting Logistics Machines Marine Media Medical Metals Mining Mobility
    Motors Networks Optics Outdoor Paper Partners Pharma Plastics Power Press Print Properties Robotics Schools
    Security Semiconductors Shipping Software Solar Sports Steel Studios Supply Systems Tea Textiles Tools Toys
    Travel Ventures Water Wines
    """
)
PEOPLE_FIRST = _words(
    """
    Ada Ben Clara David Elif Farid Grace Hugo Ines Jonas Kofi Lena Mateo Nora Omar Priya Quinn Rosa Sven Tara
    """
)
PEOPLE_LAST = _words(
    """
    Lovelace Okafor Schmidt Nguyen García Johansson O'Brien Rossi Kowalska Haddad Tanaka Dubois Silva Novak
    """
)
SYLLABLES = _words("ba co du fi ka lo me nu ri so ta ve")
CITIES = {
    "US": ["Austin", "Boston", "Chicago", "Denver", "Portland", "Seattle"],
    "GB": ["London", "Leeds", "Bristol", "Manchester"],
    "DE": ["Berlin", "München", "Hamburg", "Köln"],
    "FR": ["Paris", "Lyon", "Nantes"],
}
LONG_COUNTRY = {"US": "United States", "GB": "United Kingdom", "DE": "Germany", "FR": "France"}
REGION_NAMES = {"US": ["US", "USA"], "GB": ["UK"], "DE": ["Germany", "Deutschland"], "FR": ["France"]}
SUFFIXES = {
    "US": ["Inc.", "Inc", "LLC", "Corp.", "Corporation", "Co.", "Incorporated", "L.L.C."],
    "GB": ["Ltd", "Ltd.", "Limited", "PLC"],
    "DE": ["GmbH", "AG", "GmbH & Co. KG", "UG"],
    "FR": ["SAS", "SARL", "S.A.", "SA"],
}
FREE = ("gmail.com", "outlook.com", "gmx.de", "yahoo.com", "icloud.com")
# Domains of accountants and agencies, who answer for many customers.
AGENCIES = ("ledgerhouse.com", "bookkeepers-united.com", "agenturnord.de")
ROLES = ("billing", "accounts", "info", "ap", "finance", "office")


@dataclass
class World:
    """Records, and the customer that each of them is, by (system, id)."""

    parties: list[Party] = field(default_factory=list)
    truth: dict[tuple[str, str], int] = field(default_factory=dict)

    def pairs(self) -> set[tuple[tuple[str, str], tuple[str, str]]]:
        """Pairs of different systems that are one customer, each in order."""
        keys = sorted(self.truth)
        return {
            (left, right)
            for index, left in enumerate(keys)
            for right in keys[index + 1 :]
            if self.truth[left] == self.truth[right] and left[0] != right[0]
        }


def labelled(seed: int = SEED, records: int = RECORDS) -> World:
    """The labelled set: about four in ten customers are in two systems, two in ten in all three."""
    rng, world = random.Random(seed), World()
    number = 0
    while len(world.parties) < records:
        for customer in _family(rng):
            systems = [system for system in SYSTEMS if rng.random() < 0.62] or [rng.choice(SYSTEMS)]
            for system in systems:
                if len(world.parties) < records:
                    party = _record(rng, customer, system, f"{system[:3]}{len(world.parties):04d}")
                    world.parties.append(party)
                    world.truth[party.key] = number
            number += 1
    rng.shuffle(world.parties)
    return world


def _family(rng: random.Random) -> list[Party]:
    """A customer as it really is; sometimes a parent with subsidiaries, or two strangers of one name."""
    dice = rng.random()
    if dice < 0.08:
        return [_person(rng)]
    company = _company(rng)
    if dice < 0.22:
        countries = rng.sample([each for each in CITIES if each != company.country], rng.choice((1, 1, 2)))
        return [company, *(_subsidiary(rng, company, country) for country in countries)]
    if dice < 0.30:
        return [company, _namesake(rng, company)]
    if dice < 0.38:
        return [replace(company, domain=rng.choice(AGENCIES))]
    return [company]


def _company(rng: random.Random) -> Party:
    words = rng.choice((1, 2, 2, 2, 3))
    name = " ".join(
        [*rng.sample(FIRST, max(words - 1, 1)), rng.choice(SECOND)][:words] if words > 1 else [_coined(rng)]
    )
    country = rng.choices(list(CITIES), (5, 2, 2, 1))[0]
    slug = _ascii(name).replace(" ", rng.choice(("", "-")))
    domain = f"{slug}.{rng.choice(('com', 'com', 'io', 'co', 'net'))}"
    if rng.random() < 0.12:
        domain = rng.choice(FREE)
    return Party("", "", name, domain=domain, phone=_number(rng), city=rng.choice(CITIES[country]), country=country)


def _coined(rng: random.Random) -> str:
    return "".join(
        rng.choice(("ba", "co", "du", "fi", "ka", "lo", "me", "nu", "ri", "so", "ta", "ve")) for _ in range(4)
    ).title()


def _person(rng: random.Random) -> Party:
    name = f"{rng.choice(PEOPLE_FIRST)} {rng.choice(PEOPLE_LAST)}"
    country = rng.choice(list(CITIES))
    return Party(
        "", "", name, domain=rng.choice(FREE), phone=_number(rng), city=rng.choice(CITIES[country]), country=country
    )


def _subsidiary(rng: random.Random, parent: Party, country: str) -> Party:
    """Name and domain of the parent, with a country or a unit, in a place of its own."""
    unit = "Holding" if country == min(CITIES) else "International"
    word = rng.choice([*REGION_NAMES[country], *REGION_NAMES[country], unit if country != "DE" else "Group"])
    place = {"city": rng.choice(CITIES[country]), "country": country, "phone": _number(rng)}
    return replace(parent, name=f"{parent.name} {word}", **place)


def _namesake(rng: random.Random, other: Party) -> Party:
    """Another company of the same name, elsewhere, with its own domain."""
    country = rng.choice(list(CITIES))
    city = rng.choice([each for each in CITIES[country] if each != other.city])
    slug = _ascii(other.name).replace(" ", "") + rng.choice(("group", "hq", "online"))
    return replace(other, domain=f"{slug}.com", phone=_number(rng), city=city, country=country)


def _record(rng: random.Random, customer: Party, system: str, identifier: str) -> Party:
    """The customer as one system has it: half of everything, in other words, with slips."""
    country = customer.country or "US"
    name = customer.name
    person = name.split()[0] in PEOPLE_FIRST
    if not person and rng.random() < 0.7:
        name = f"{name}{rng.choice((' ', ', '))}{rng.choice(SUFFIXES[country])}"
    emails = tuple(_address(rng, customer, person) for _ in range(rng.choices((0, 1, 2), (2, 7, 1))[0]))
    return Party(
        system,
        identifier,
        _mangled(rng, name),
        emails,
        domain=f"www.{customer.domain}" if _has_site(rng, customer, system) else None,
        phone=_written(rng, customer.phone or "", country) if rng.random() < 0.4 else None,
        city=customer.city if rng.random() < 0.6 else None,
        country=rng.choice((country, LONG_COUNTRY[country])) if rng.random() < 0.7 else None,
    )


def _has_site(rng: random.Random, customer: Party, system: str) -> bool:
    return system == "salesforce" and customer.domain not in (*FREE, *AGENCIES) and rng.random() < 0.6


def _address(rng: random.Random, customer: Party, person: bool) -> str:
    domain = customer.domain or FREE[0]
    if person or domain in FREE or domain in AGENCIES:
        local = _ascii(customer.name).replace(" ", ".")
    else:
        local = rng.choice((*ROLES, f"{_ascii(rng.choice(PEOPLE_FIRST))}.{_ascii(rng.choice(PEOPLE_LAST))}"))
    address = f"{local}@{domain}"
    return address.upper() if rng.random() < 0.1 else address


def _mangled(rng: random.Random, name: str) -> str:
    kinds = ["loud", "plain", "typo", "article", "turned", "joined", "same"]
    kind = rng.choices(kinds, (10, 5, 15, 3, 3, 4, 60))[0]
    if kind == "turned" and ("," in name or name.count(" ") != 1):
        kind = "same"
    ways = {
        "loud": name.upper(),
        "plain": _ascii(name, keep_case=True),
        "article": f"The {name}",
        "turned": " ".join(reversed(name.split(" "))),
        "joined": name.replace(" ", "", 1),
        "same": name,
    }
    return _typo(rng, name) if kind == "typo" else ways[kind]


def _typo(rng: random.Random, name: str) -> str:
    place = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + name[place] + name[place:]
    if kind == 2:
        return name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :]
    return name[:place] + rng.choice("abcdefghijklmnopqrstuvwxyz") + name[place + 1 :]


def _number(rng: random.Random) -> str:
    return "".join(rng.choice("23456789") for _ in range(9))


def _written(rng: random.Random, digits: str, country: str) -> str:
    code = {"US": "+1 ", "GB": "+44 ", "DE": "+49 ", "FR": "+33 "}[country]
    return rng.choice((code, "0", "00" + code.strip("+ "), "(0) ")) + f"{digits[:2]}-{digits[2:5]} {digits[5:]}"


def _ascii(text: str, *, keep_case: bool = False) -> str:
    table = str.maketrans("üéŁłódźÅåöñçÇř'ß", "ueLlodzAaoncCr s")
    plain = text.translate(table).replace("ó", "o").replace("ź", "z").replace("í", "i").replace("á", "a")
    kept = "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == " "))
    return kept if keep_case else kept.lower()

"""Whether two records of a customer in two systems may be the same one: what speaks for it, and how much.

Names are brought into one form (case, accents, punctuation, legal form), and what names a part of a company (a country,
"Holding") is told from the rest, since a subsidiary has the name and the domain of its parent and is another customer.
A score is a suggestion for a person: nothing is ever linked by it, and a name without a contact is never more than a
likeness. Pure; how alike two names are is given by the caller, in per mille.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

# Points out of 1000, for and against.
EMAIL, DOMAIN, PHONE = 500, 380, 320
NAME_SAME, NAME_LIKE = 480, 280
CITY, COUNTRY = 60, 40
OTHER_CITY, OTHER_COUNTRY, OTHER_DOMAIN, OTHER_UNIT, OTHER_NAME = -40, -200, -120, -450, -200
POINTS_MAX = 1000
# Names less alike than this say nothing for, and less than that much against; per mille.
NAME_FLOOR = 820
NAME_DIFFERS = 600
# Two records that only look alike stay below what a contact and a name reach together.
NAME_ONLY_MAX = NAME_SAME + CITY + COUNTRY
STRONG = 700
CONTACTS = frozenset({"email", "domain", "phone"})


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEGAL_FORMS = _set(
    """
    ab ag aps as asa bhd bv cc co company corp corporation cv doo dba eg eirl ek ev gbr gesmbh gie gmbh inc
    incorporated kft kg kk lda limited llc llp lp ltd ltda mbh nv ohg ooo oy oyj plc pllc pt pte pty pvt sa sab
    sarl sas sae sca scs se sl slu snc spa spzoo sprl spol srl sro stiftung ug vof zoo
    """
)
_ARTICLES = frozenset({"the", "die", "der", "das", "le", "la", "les"})
# What names a part of a company, under one name for each.
UNITS = {
    **{each: each for each in _set("holding group international global emea apac europe americas asia africa")},
    **{"holdings": "holding", "intl": "international", "worldwide": "global", "gruppe": "group", "europa": "europe"},
}
REGIONS = {
    **{"usa": "us", "us": "us", "america": "us", "uk": "gb", "britain": "gb", "england": "gb", "ireland": "ie"},
    **{"germany": "de", "deutschland": "de", "france": "fr", "austria": "at", "osterreich": "at", "schweiz": "ch"},
    **{"switzerland": "ch", "suisse": "ch", "spain": "es", "espana": "es", "italy": "it", "italia": "it"},
    **{"netherlands": "nl", "nederland": "nl", "belgium": "be", "poland": "pl", "polska": "pl", "sweden": "se"},
    **{"norway": "no", "denmark": "dk", "finland": "fi", "japan": "jp", "china": "cn", "india": "in", "canada": "ca"},
    **{"australia": "au", "brazil": "br", "brasil": "br", "mexico": "mx", "singapore": "sg", "korea": "kr"},
}
COUNTRIES = {
    **{name: code for name, code in REGIONS.items() if len(name) > 2},
    **{"united states": "us", "united states of america": "us", "united kingdom": "gb", "great britain": "gb"},
    **{"new zealand": "nz", "south africa": "za", "czech republic": "cz", "gbr": "gb", "deu": "de", "fra": "fr"},
}
FREE_MAIL = _set(
    """
    gmail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk ymail.com icloud.com me.com mac.com
    aol.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de mail.com mail.ru yandex.ru proton.me
    protonmail.com pm.me zoho.com hey.com fastmail.com qq.com 163.com 126.com naver.com orange.fr wanadoo.fr
    free.fr laposte.net libero.it bluewin.ch comcast.net verizon.net att.net example.com example.org example.net
    """
)
_TWO_LEVELS = _set(
    """
    co.uk org.uk ac.uk com.au net.au co.nz co.jp co.kr co.in co.za com.br com.mx com.sg com.cn com.tr com.hk
    """
)
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe", "þ": "th", "&": " and ", "'": ""}
)
PHONE_DIGITS, PHONE_DIGITS_MIN = 9, 7
# Shorter words of ours are too near to other words to be known by a slip of the pen.
SLIP_LENGTH_MIN = 7


def _without_one(word: str) -> frozenset[str]:
    return frozenset(word[:place] + word[place + 1 :] for place in range(len(word)))


# Words of ours by what is left of them without one letter.
_SLIPS = {
    left: word
    for word in sorted(LEGAL_FORMS | UNITS.keys() | REGIONS.keys())
    if len(word) >= SLIP_LENGTH_MIN
    for left in (word, *sorted(_without_one(word)))
}


@dataclass(frozen=True)
class Party:
    """A customer as a system has it. `linked` are the records it is tied to already, as (system, id)."""

    system: str
    id: str
    name: str
    emails: tuple[str, ...] = ()
    domain: str | None = None
    phone: str | None = None
    city: str | None = None
    country: str | None = None
    linked: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """System and id."""
        return self.system, self.id


@dataclass(frozen=True)
class Profile:
    """A party in the form that is compared: `core` is the name without legal form and units, in its order."""

    core: str
    units: frozenset[str]
    regions: frozenset[str]
    emails: frozenset[str]
    domains: frozenset[str]
    phone: str | None
    city: str | None
    country: str | None

    @property
    def sorted_core(self) -> str:
        """The words of the core in the order of the alphabet."""
        return " ".join(sorted(self.core.split()))

    @property
    def joined_core(self) -> str:
        """The core without spaces."""
        return self.core.replace(" ", "")


@dataclass(frozen=True)
class Commons:
    """What too many parties of one system have for it to say who they are."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for a match, or against it when `points` is below nought; `shown` is what was compared."""

    kind: str
    points: int
    shown: tuple[str, str]


@dataclass(frozen=True)
class Score:
    """Points out of 1000, and what they are made of."""

    points: int
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def name_only(self) -> bool:
        """Whether nothing but likeness speaks for it: such a pair is never strong."""
        return not any(each.kind in CONTACTS and each.points > 0 for each in self.evidence)

    @property
    def strong(self) -> bool:
        """Whether a contact and more than a contact agree."""
        return self.points >= STRONG and not self.name_only


def plain(text: str) -> str:
    """Lower case without accents and punctuation; words are letters and digits of any script, one space apart."""
    folded = text.casefold().translate(_PLAIN)
    letters = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    # I.B.M. and S.A. are words, not letters.
    letters = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", letters)
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def name_parts(name: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """Core, units and regions of a company's name; the core is never empty unless the name is."""
    words = [_meant(word) for word in plain(name).split()]
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or words[-1] == "and"):
        words.pop()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    kept = [word for word in words if word not in UNITS and word not in REGIONS and word not in LEGAL_FORMS]
    if not kept:
        return " ".join(words), frozenset(), frozenset()
    units = frozenset(UNITS[word] for word in words if word in UNITS)
    return " ".join(kept), units, frozenset(REGIONS[word] for word in words if word in REGIONS)


def _meant(word: str) -> str:
    """The word of ours that this one is but for one letter too many, too few or wrong, or itself."""
    if len(word) < SLIP_LENGTH_MIN - 1 or word in LEGAL_FORMS or word in UNITS or word in REGIONS:
        return word
    return next((_SLIPS[left] for left in (word, *sorted(_without_one(word))) if left in _SLIPS), word)


def email(address: str) -> str | None:
    """An address without case and without what follows a plus sign; None for what is none."""
    local, _, domain = address.strip().casefold().rpartition("@")
    local = local.split("+")[0]
    host = "gmail.com" if domain == "googlemail.com" else domain.strip(".")
    return f"{local}@{host}" if local and "." in host else None


def domain_of(text: str) -> str | None:
    """The registered domain of an e-mail address or web site; None for none, and for one that anybody can have."""
    host = text.strip().casefold().rpartition("@")[2]
    host = re.sub(r"^[a-z]+://", "", host).split("/")[0].split(":")[0].strip(".")
    labels = [label for label in host.split(".") if label]
    if len(labels) < 2:
        return None
    keep = 3 if ".".join(labels[-2:]) in _TWO_LEVELS and len(labels) > 2 else 2
    domain = ".".join(labels[-keep:])
    return None if domain in FREE_MAIL or host in FREE_MAIL else domain


def phone(number: str) -> str | None:
    """The last nine digits, which do not depend on how country and area are written; None for too few."""
    digits = re.sub(r"\D", "", number.split("x", maxsplit=1)[0])
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS_MIN else None


def country(text: str) -> str | None:
    """A two-letter code where the country is known, else its plain name."""
    name = plain(text)
    return (COUNTRIES.get(name) or REGIONS.get(name) or name) or None


def profile(party: Party) -> Profile:
    """A party in the form that is compared."""
    core, units, regions = name_parts(party.name)
    emails = frozenset(found for each in party.emails if (found := email(each)))
    hosts = [*party.emails, *([party.domain] if party.domain else [])]
    return Profile(
        core=core,
        units=units,
        regions=regions,
        emails=emails,
        domains=frozenset(found for each in hosts if (found := domain_of(each))),
        phone=phone(party.phone) if party.phone else None,
        city=(plain(party.city) or None) if party.city else None,
        country=country(party.country) if party.country else None,
    )


def compare(left: Profile, right: Profile, likeness: int, commons: Commons) -> Score:
    """The score of two profiles whose names are `likeness` per mille alike; the same either way round."""
    contacts = [*_contacts(left, right, commons)]
    found = [*contacts, *_names(left, right, likeness, commons, bool(contacts)), *_places(left, right)]
    found += _domains(left, right, contacts, commons)
    points = sum(each.points for each in found)
    if not contacts:
        points = min(points, NAME_ONLY_MAX)
    return Score(max(0, min(points, POINTS_MAX)), tuple(found))


def name_points(likeness: int) -> int:
    """Points for names that are so much alike, in a straight line from the floor up."""
    if likeness < NAME_FLOOR:
        return 0
    return NAME_LIKE + (NAME_SAME - NAME_LIKE) * (likeness - NAME_FLOOR) // (1000 - NAME_FLOOR)


def _contacts(left: Profile, right: Profile, commons: Commons) -> Iterable[Evidence]:
    emails = (left.emails & right.emails) - commons.emails
    if emails:
        yield Evidence("email", EMAIL, (min(emails), min(emails)))
    domains = (left.domains & right.domains) - commons.domains
    if domains:
        # An address says what its domain says, and more.
        yield Evidence("domain", 0 if emails else DOMAIN, (min(domains), min(domains)))
    if left.phone is not None and left.phone == right.phone and left.phone not in commons.phones:
        yield Evidence("phone", PHONE, (left.phone, right.phone))


def _names(left: Profile, right: Profile, likeness: int, commons: Commons, contact: bool) -> Iterable[Evidence]:
    shown = _ordered(left.core, right.core)
    if {left.core, right.core} & commons.names:
        yield Evidence("common_name", 0, shown)
    elif likeness >= NAME_FLOOR:
        yield Evidence("name", name_points(likeness), shown)
    elif contact and likeness < NAME_DIFFERS:
        yield Evidence("other_name", OTHER_NAME, shown)
    if left.units != right.units:
        yield Evidence("other_unit", OTHER_UNIT, _ordered(_words(left.units), _words(right.units)))
    elif _apart(left, right):
        yield Evidence("other_unit", OTHER_UNIT, _ordered(_words(left.regions), _words(right.regions)))


def _apart(left: Profile, right: Profile) -> bool:
    """Whether the names stand for different countries; one that names none stands for the country it is in."""
    if left.regions == right.regions:
        return False
    sides = [each.regions or frozenset({each.country} if each.country else ()) for each in (left, right)]
    return not sides[0] & sides[1]


def _places(left: Profile, right: Profile) -> Iterable[Evidence]:
    if left.country and right.country:
        same = left.country == right.country
        kind, points = ("country", COUNTRY) if same else ("other_country", OTHER_COUNTRY)
        yield Evidence(kind, points, _ordered(left.country, right.country))
    if left.city and right.city:
        same = left.city == right.city
        kind, points = ("city", CITY) if same else ("other_city", OTHER_CITY)
        yield Evidence(kind, points, _ordered(left.city, right.city))


def _domains(left: Profile, right: Profile, contacts: list[Evidence], commons: Commons) -> list[Evidence]:
    own = [side.domains - commons.domains for side in (left, right)]
    if contacts or not own[0] or not own[1] or own[0] & own[1]:
        return []
    return [Evidence("other_domain", OTHER_DOMAIN, _ordered(min(own[0]), min(own[1])))]


def _words(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


def _ordered(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left <= right else (right, left)

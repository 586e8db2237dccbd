"""Addresses of an address book: which countries and states there are, and what becomes of them.

Countries are those of the enumeration that Oracle's records browser shows for `addressBookAddress.country`. A state of
free text becomes its short name, where a country has a list; one that the list does not have is refused.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import invalid_content, invalid_field_value, user_error

Json = dict[str, Any]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COUNTRIES = _words(
    """
    AB AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CS CU CV CW CX CY CZ DE DJ DK DM DO DZ EA EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS
    IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN
    MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN
    TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """
)
# Of the first two the system brings a list of states; that of the third an administrator of this account has entered,
# as he may for any country. Others have none here.
_STATES = {
    "US": {"california": "CA", "new york": "NY", "texas": "TX", "washington": "WA", "massachusetts": "MA"},
    "CA": {"ontario": "ON", "quebec": "QC", "british columbia": "BC", "alberta": "AB"},
    "DE": {"bavaria": "BY", "berlin": "BE", "saxony": "SN"},
}
_SHORT = {
    "US": _words(
        """
        AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK
        OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY AA AE AP
        """
    ),
    "CA": _words("AB BC MB NB NL NT NS NU ON PE QC SK YT"),
    "DE": _words("BY BE SN"),
}
_NAMES = {"US": "United States", "DE": "Germany", "GB": "United Kingdom", "JP": "Japan", "CA": "Canada"}
_PARTS = {
    name.lower(): name
    for name in _words("addr1 addr2 addr3 addrPhone addrText addressee attention city country override state zip")
}
_LIMITS = {"addr1": 150, "addr2": 150, "addr3": 150, "city": 50, "zip": 36, "addressee": 83, "attention": 83}
# What an address has for a country that nobody names: the company's own.
_OWN = "US"


def read_address(value: object, path: str) -> tuple[Json, list[str]]:
    """An address as it is kept, and the names in it that no address has. Raises NetSuiteError for what is not taken."""
    if not isinstance(value, dict):
        raise invalid_content(f"'{path}' takes an object.", path)
    given = {_PARTS[str(name).lower()]: part for name, part in value.items() if str(name).lower() in _PARTS}
    unknown = [f"{path}.{name}" for name in value if str(name).lower() not in _PARTS]
    country = _country(given.pop("country", None), path)
    kept = {name: _text(name, part, path) for name, part in given.items() if part is not None}
    if kept.get("state"):
        kept["state"] = _state(country, str(kept["state"]), path)
    return {**kept, "country": {"id": country, "refName": _NAMES.get(country, country)}}, unknown


def shown_text(address: Json) -> str:
    """The address as one text, as forms print it."""
    names = ("addressee", "addr1", "addr2", "addr3", "city", "state", "zip")
    return "\n".join([*(str(address[name]) for name in names if address.get(name)), address["country"]["refName"]])


def _country(value: object, path: str) -> str:
    code = value.get("id") if isinstance(value, dict) else value
    if code is None:
        return _OWN
    if str(code) not in COUNTRIES:
        raise invalid_field_value(code, "country", f"{path}.country")
    return str(code)


def _text(name: str, value: object, path: str) -> object:
    if name == "override":
        return value is True
    if isinstance(value, dict | list | bool):
        raise invalid_content(f"'{path}.{name}' takes text.", f"{path}.{name}")
    if len(str(value)) > _LIMITS.get(name, 999):
        words = f"The field {name} contained more than the maximum number ( {_LIMITS[name]} ) of characters allowed."
        raise user_error(words, f"{path}.{name}")
    return str(value)


def _state(country: str, text: str, path: str) -> str:
    if country not in _SHORT:
        return text
    short = text if text in _SHORT[country] else _STATES[country].get(text.lower())
    if short is None:
        raise invalid_field_value(text, "state", f"{path}.state")
    return short

"""Names, domains and numbers in one form, and what speaks for and against a match."""

import random
from itertools import combinations

import pytest
from rapidfuzz.distance import Levenshtein

from o2c_orchestration.domain.matching import (
    NAME_FLOOR,
    NAME_ONLY_MAX,
    STRONG,
    Commons,
    Party,
    Score,
    country,
    domain_of,
    email,
    name_parts,
    phone,
    profile,
)
from o2c_orchestration.reconcile.suggest import THRESHOLD, near_names, score_of, suggest


def party(system: str, name: str, identifier: str = "1", **fields: object) -> Party:
    return Party(system, identifier, name, **fields)  # type: ignore[arg-type]


def score(left: Party, right: Party, shared: Commons | None = None) -> Score:
    return score_of(profile(left), profile(right), shared or Commons())


def kinds(found: Score) -> set[str]:
    return {each.kind for each in found.evidence}


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("The Acme Corp.", "acme"),
        ("ACME GmbH & Co. KG", "acme"),
        ("Acme, L.L.C.", "acme"),
        ("Acme Incorrporated", "acme"),
        ("Müller & Söhne AG", "muller and sohne"),
        ("Società Ærø S.p.A.", "societa aero"),
        ("I.B.M.", "ibm"),
        ("O'Brien Ltd", "obrien"),
        ("Data-Dog  Inc", "data dog"),
        ("株式会社 東京", "株式会社 東京"),
        ("GmbH", "gmbh"),
        ("Co", "co"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_name_in_one_form(name: str, core: str):
    """Case, accents, punctuation, article and legal form are gone, also with a slip; never the whole name."""
    assert name_parts(name)[0] == core


def test_parts_of_a_company():
    """Countries and units are told from the name, whatever language they are in."""
    assert name_parts("Acme Deutschland GmbH") == name_parts("Acme Germany Ltd") == ("acme", frozenset(), {"de"})
    assert name_parts("Acme Holdings (UK) Ltd") == ("acme", frozenset({"holding"}), frozenset({"gb"}))
    assert name_parts("Holding AG") == ("holding", frozenset(), frozenset())


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.shop.acme.co.uk/x?y", "acme.co.uk"),
        ("ada@mail.acme.io", "acme.io"),
        ("ACME.com:8080", "acme.com"),
        ("ada@gmail.com", None),
        ("ada@yahoo.co.uk", None),
        ("acme", None),
        ("", None),
    ],
)
def test_a_domain(text: str, domain: str | None):
    """The part that is registered, and none that anybody can have an address at."""
    assert domain_of(text) == domain


def test_addresses_numbers_and_countries():
    """However they are written."""
    assert email(" Ada+billing@Acme.IO ") == "ada@acme.io"
    assert email("ada@googlemail.com") == "ada@gmail.com"
    assert (email("nobody"), email("@acme.io"), email("")) == (None, None, None)
    assert phone("+49 (0)30 1234567") == phone("030-1234567") == phone("0049 30 1234567") == "301234567"
    assert (phone("12345"), phone("555-0100 x12")) == (None, "5550100")
    assert country("United Kingdom") == country("GB") == country("gb") == country("UK") == "gb"
    assert country(" ") is None


def test_a_name_alone_never_suffices():
    """The same name in the same city is a likeness for a person, below all that counts as strong."""
    same = {"city": "Berlin", "country": "DE"}
    found = score(party("salesforce", "Acme GmbH", **same), party("stripe", "ACME", **same))
    assert (found.points, found.name_only, found.strong) == (NAME_ONLY_MAX, True, False)
    assert NAME_ONLY_MAX < STRONG


def test_a_contact_and_a_name_are_strong():
    """An address, a domain of one's own or a number, together with the name."""
    for contact in (
        {"emails": ("ap@acme.io",)},
        {"domain": "acme.io"},
        {"phone": "030 1234567"},
    ):
        found = score(party("salesforce", "Acme Ltd", **contact), party("netsuite", "Acme", **contact))
        assert (found.strong, found.name_only) == (True, False)


def test_a_domain_counts_once():
    """An address that is the same says all that its domain says."""
    left, right = (party(system, "Acme", emails=("ap@acme.io",)) for system in ("stripe", "netsuite"))
    assert [(each.kind, each.points) for each in score(left, right).evidence][:2] == [("email", 500), ("domain", 0)]


def test_a_subsidiary_is_another_customer():
    """Name and domain of the parent do not make it the parent; its own country does no harm."""
    parent = party("salesforce", "Acme Inc", domain="acme.com", country="US")
    daughter = party("stripe", "Acme Germany GmbH", domain="acme.com", country="DE")
    assert score(parent, daughter).points < THRESHOLD
    assert "other_unit" in kinds(score(parent, daughter))
    for same in ("Acme USA, Inc.", "Acme"):
        assert score(parent, party("stripe", same, domain="acme.com")).strong
    assert not score(parent, party("stripe", "Acme Holding", domain="acme.com")).strong


def test_what_speaks_against():
    """Another country, city, domain, or a name that has nothing in common under one domain."""
    left = party("salesforce", "Acme", domain="acme.com", city="Paris", country="FR")
    right = party("stripe", "Acme", domain="acme-online.com", city="London", country="GB")
    assert {"other_country", "other_city", "other_domain"} < kinds(score(left, right))
    assert score(left, right).points < 200
    other = score(left, party("stripe", "Zebra Shipping", emails=("x@acme.com",)))
    assert "other_name" in kinds(other)
    assert other.points < THRESHOLD


def test_what_many_share_says_nothing():
    """An accountant's address or a name that twenty others have is no evidence; it is counted per system."""
    crowd = [
        party("stripe", f"Customer {name}", str(index), emails=("office@ledgerhouse.com",), phone="030 1234567")
        for index, name in enumerate(("Abel", "Bruno", "Carla", "Doris"))
    ]
    found = suggest([*crowd, party("netsuite", "Elena Foods", emails=("office@ledgerhouse.com",))], threshold=1)
    assert found == []
    shared = party("netsuite", "Customer Abel", emails=("office@ledgerhouse.com",), phone="030 1234567")
    (one,) = suggest([*crowd, shared], threshold=1)
    assert ({each.kind for each in one.evidence}, one.name_only) == ({"name"}, True)
    same = [party("stripe", "Test", str(index)) for index in range(21)]
    assert suggest([*same, party("netsuite", "Test")], threshold=1) == []
    assert len(suggest([*same[:3], party("netsuite", "Test")])) == 3


def test_who_is_linked_is_left_alone():
    """A record tied into a system already gets no suggestion there, and none is tied to another of its system."""
    left = party("salesforce", "Acme", emails=("ap@acme.io",), linked=(("stripe", "cus_9"),))
    right = party("stripe", "Acme", "cus_1", emails=("ap@acme.io",))
    third = party("netsuite", "Acme", "7", emails=("ap@acme.io",))
    assert [(each.left[0], each.right[0]) for each in suggest([left, right, third])] == [
        ("netsuite", "salesforce"),
        ("netsuite", "stripe"),
    ]
    assert suggest([left, party("salesforce", "Acme", "2", emails=("ap@acme.io",))]) == []


def test_only_the_best_are_shown_and_the_rest_counted():
    """At most so many for each record and system, the best of them, with the number of rivals."""
    one = party("salesforce", "Acme", domain="acme.io", emails=("ap@acme.io",))
    many = [party("stripe", "Acme", f"cus_{index}", domain="acme.io") for index in range(3)]
    best = party("stripe", "Acme", "cus_best", emails=("ap@acme.io",))
    found = suggest([one, *many[:2], best], per_party=1)
    assert [(each.right[1], each.rivals) for each in found] == [("cus_best", 2)]
    assert [each.rivals for each in suggest([one, *many[:2], best])] == [2, 2, 2]


def test_the_best_come_first_and_ties_by_id():
    """Points, then system and id: the same list every time."""
    accounts = [party("salesforce", "Acme", str(number), city="Paris") for number in range(4)]
    customers = [party("stripe", "Acme Ltd", f"cus_{number}") for number in range(3)]
    near = party("stripe", "Acma", "cus_near")
    found = suggest([near, *customers, *accounts], threshold=1, per_party=None)
    assert [(each.left[1], each.right[1]) for each in found] == sorted((each.left[1], each.right[1]) for each in found)
    assert len(found) == 12
    assert suggest([*accounts, party("salesforce", "Acmes Ltd", "9")], threshold=1) == []
    longer = [party("salesforce", "Alder Analytics", "1"), party("salesforce", "Alder Analytic", "2")]
    assert suggest(longer, threshold=1) == []


def test_two_strangers_have_nothing_to_explain():
    """A name that differs speaks against a contact in common, and is no evidence where there is none."""
    left, right = party("salesforce", "Alder Books", city="Paris"), party("stripe", "Zebra Shipping", city="Paris")
    assert kinds(score(left, right)) == {"city"}


def _slipped(rng: random.Random, name: str, edits: int) -> str:
    for _ in range(edits):
        place, letter = rng.randrange(len(name) + 1), rng.choice("abcx")
        cut = rng.choice((0, 1, 1))
        name = name[:place] + rng.choice((letter, letter, "")) + name[place + cut :]
    return name


def test_pieces_find_what_comparing_all_finds():
    """Families of names with as many slips as are allowed, and one more: the same pairs as by comparing all."""
    rng = random.Random(20261126)
    for _ in range(1500):
        letters = rng.choice(("ab", "abcdefghijklmnopqrstuvwxyz"))
        name = "".join(rng.choice(letters) for _ in range(rng.randrange(1, 26)))
        family = {name, *(_slipped(rng, name, rng.randrange(len(name) // 4 + 2)) for _ in range(8))} - {""}
        every = {
            frozenset(pair)
            for pair in combinations(family, 2)
            if Levenshtein.distance(*pair) * 1000 <= (1000 - NAME_FLOOR) * max(map(len, pair))
        }
        found = [frozenset(pair) for pair in near_names(sorted(family))]
        assert set(found) == every
        assert len(found) == len(every)

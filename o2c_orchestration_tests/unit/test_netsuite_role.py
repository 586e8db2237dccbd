"""deploy/netsuite gives the role what docs/security.md lists, at those levels, and nothing more."""

import re
from pathlib import Path
from xml.etree import ElementTree

from o2c_orchestration.domain.netsuite_role import Held
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.catalog import written_kinds
from o2c_orchestration.preflight.netsuite_rights import LEVELS, VIEW, in_words, needed_rights, too_much

# A policy that asks for all that only some need.
EVERYTHING = {
    "customers": {"currencies": "add", "subsidiaries": "add"},
    "reversals": {"uninvoiced": "deposit"},
    "periods": {"tax": "lock"},
}
ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "deploy" / "netsuite" / "src"
ROLE = PROJECT / "Objects" / "customrole_o2c_integration.xml"
ROW = re.compile(
    r"^\| (?P<words>[^|]+) \| `(?P<key>[A-Z0-9_]+)` \| (?P<level>[A-Z]+) \| (?P<needed>[^|]+) \|$", re.MULTILINE
)
# Which levels Oracle's table of permissions has, where it has not all of them.
OFFERED = {
    "ADMI_RESTWEBSERVICES": {"FULL"},
    "ADMI_LOGIN_OAUTH2": {"FULL"},
    "ADMI_LOGIN_OAUTH": {"FULL"},
    "REPO_ANALYTICS": {"EDIT"},
    "ADMI_ACCTPERIODS": {"VIEW", "FULL"},
    "ADMI_TAXPERIODS": {"FULL"},
    "ADMI_DELETEDRECORD": {"FULL"},
    "LIST_ENTITYSUBSIDIARYRELATION": {"VIEW"},
}

Grants = list[tuple[str, str]]


def listed() -> tuple[Grants, Grants]:
    """What the table in docs/security.md calls always needed, and what it calls needed by some: key and level."""
    rows = [match.groupdict() for match in ROW.finditer((ROOT / "docs" / "security.md").read_text())]
    always = [(row["key"], row["level"]) for row in rows if row["needed"] == "always"]
    return always, [(row["key"], row["level"]) for row in rows if row["needed"] != "always"]


def granted(role: ElementTree.Element) -> Grants:
    return [(str(each.findtext("permkey")), str(each.findtext("permlevel"))) for each in role.iter("permission")]


def in_comments() -> Grants:
    """What somebody takes out of the role's comments, if it is theirs."""
    comments = re.findall(r"<!-- [^<]*?:\n(.*?) -->", ROLE.read_text(), re.DOTALL)
    return [
        grant for each in comments for grant in granted(ElementTree.fromstring(f"<permissions>{each}</permissions>"))
    ]


def test_the_role_has_what_is_always_needed_and_nothing_else():
    """Of each permission the level that the document says, and each once: the later of two would count."""
    always, _ = listed()
    role = granted(ElementTree.parse(ROLE).getroot())
    assert sorted(role) == sorted(always)
    assert len({key for key, _ in role}) == len(role)


def test_what_only_some_need_stands_there_in_comments():
    """So that nobody has to look up a key, and nobody gets what they do not need."""
    _, some = listed()
    assert sorted(in_comments()) == sorted(some)


def test_the_preflight_holds_a_role_to_the_same_table():
    """What is always needed is what the code calls needed by the default policy; what some need, it calls too much for
    nobody who asks for it.
    """
    always, some = listed()
    written = written_kinds(Policy(), deals=False)
    needed = {key: LEVELS[level] for key, level in needed_rights(Policy(), written, deals=False).items()}
    login = {"ADMI_LOGIN_OAUTH2": "FULL"}
    assert {**needed, **login} == dict(always)
    everything = Policy.model_validate(EVERYTHING)
    levels = {name: level for level, name in LEVELS.items()}
    held = [Held(key, "", levels[level]) for key, level in [*always, *some]]
    assert too_much(held, needed_rights(everything, written_kinds(everything, deals=True))) == []
    beyond = {each.key for each in too_much(held, needed_rights(Policy(), written, deals=False))}
    assert beyond == {"LIST_CUSTJOB", "TRAN_SALESORD", "TRAN_CUSTDEP", "ADMI_TAXPERIODS"}


def test_what_a_policy_does_not_write_need_not_be_writable():
    """Whoever has no deposits of ours in the books gives no right to make any; but to see those that people make, or
    each would be a gap.
    """
    policy = Policy.model_validate({"documents": {"deposit": False}})
    needed = needed_rights(policy, written_kinds(policy, deals=False), deals=False)
    assert (needed["TRAN_DEPOSIT"], needed["TRAN_JOURNAL"]) == (VIEW, VIEW)
    assert {"LIST_ACCOUNT", "TRAN_SALESORD"}.isdisjoint(needed)
    held = [Held("TRAN_DEPOSIT", "Deposit", 2), Held("TRAN_JOURNAL", "Make Journal Entry", 1)]
    assert [in_words(each) for each in too_much(held, needed)] == ["Deposit (CREATE)"]


def test_orders_are_seen_where_deals_are_compared():
    """Also where they are not written: a person enters them, and one that is hidden would be called missing."""
    policy = Policy.model_validate({"documents": {"sales_order": False}})
    written = written_kinds(policy, deals=True)
    assert needed_rights(policy, written, deals=True)["TRAN_SALESORD"] == VIEW
    assert "TRAN_SALESORD" not in needed_rights(policy, written_kinds(policy, deals=False), deals=False)


def test_what_an_account_does_not_have_is_not_needed():
    """One subsidiary and one currency: NetSuite has no permissions for more."""
    policy = Policy.model_validate({"books": {"subsidiary": None, "currency": "usd"}})
    needed = needed_rights(policy, written_kinds(policy, deals=False))
    assert {"LIST_SUBSIDIARY", "LIST_CURRENCY"}.isdisjoint(needed)
    assert too_much([Held("LIST_SUBSIDIARY", "", VIEW), Held("LIST_CURRENCY", "", VIEW)], needed) == []


def test_no_level_is_above_what_the_work_takes():
    """FULL, which deletes, only where NetSuite offers nothing less, and then on no record; EDIT on customers alone."""
    for key, level in [*listed()[0], *listed()[1]]:
        offered = OFFERED.get(key, {"VIEW", "CREATE", "EDIT", "FULL"})
        assert level in offered, key
        if level in {"EDIT", "FULL"} and key != "LIST_CUSTJOB":
            assert offered == {level}, key
            assert key.startswith(("ADMI_", "REPO_")), key


def test_the_project_is_one_that_deploys_this_role_and_nothing_else():
    """An account customization whose one object is the role, under its own name."""
    manifest = ElementTree.parse(PROJECT / "manifest.xml").getroot()
    assert manifest.get("projecttype") == "ACCOUNTCUSTOMIZATION"
    required = {each.text for each in manifest.iter("feature") if each.get("required") == "true"}
    assert required == {"RESTWEBSERVICES", "OAUTH2"}
    paths = [str(each.text) for each in ElementTree.parse(PROJECT / "deploy.xml").getroot().iter("path")]
    assert paths == [f"~/Objects/{ROLE.name}"]
    assert sorted(path.name for path in PROJECT.rglob("*.xml")) == [
        "customrole_o2c_integration.xml",
        "deploy.xml",
        "manifest.xml",
    ]
    role = ElementTree.parse(ROLE).getroot()
    assert (role.tag, role.get("scriptid")) == ("role", ROLE.stem)
    assert len(ROLE.stem) <= 40
    assert role.findtext("coreadminpermission") == "F"

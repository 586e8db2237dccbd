"""Who may import whom, who may speak SQL and who may read the environment: kept by reading the syntax trees."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import o2c_orchestration

ROOT = Path(o2c_orchestration.__file__).parent
# The outer ring: it puts the rest together, and nobody but the entry points leans on it.
RING = frozenset({"orchestration", "web", "cli", "console", "preflight"})
ENTRY_POINTS = frozenset({"definitions", "component", "cli"})
STANDARD = sys.stdlib_module_names | {"o2c_orchestration"}
# Standard modules that domain and plan must not touch: they reach the disk, the network, processes or the clock.
IMPURE = {"os", "io", "pathlib", "socket", "subprocess", "threading", "time", "random", "urllib", "http", "sqlite3"}


@dataclass(frozen=True)
class Import:
    """One imported name: where it stands, what it names in full, and the part of ours it reaches into."""

    part: str
    where: str
    name: str

    @property
    def package(self) -> str:
        return self.name.split(".")[0]

    @property
    def target(self) -> str:
        """The part of our package that is imported, empty for somebody else's."""
        pieces = self.name.split(".")
        return pieces[1] if pieces[0] == "o2c_orchestration" and len(pieces) > 1 else ""


@cache
def trees() -> dict[Path, ast.Module]:
    return {path.relative_to(ROOT): ast.parse(path.read_text(), str(path)) for path in sorted(ROOT.rglob("*.py"))}


def part_of(path: Path) -> str:
    """The stage or module a file belongs to: its first folder, or its name at the top."""
    return path.parts[0] if len(path.parts) > 1 else path.stem


@cache
def nodes() -> tuple[tuple[str, str, ast.AST], ...]:
    return tuple(
        (part_of(path), f"{path}:{getattr(node, 'lineno', 0)}", node)
        for path, tree in trees().items()
        for node in ast.walk(tree)
    )


@cache
def imports() -> tuple[Import, ...]:
    found: list[Import] = []
    for path, tree in trees().items():
        package = ("o2c_orchestration", *path.with_suffix("").parts)
        for node in ast.walk(tree):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                found += [Import(part_of(path), where, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level] if node.level else ()
                base = ".".join([*above, *([node.module] if node.module else [])])
                found += [Import(part_of(path), where, f"{base}.{alias.name}") for alias in node.names]
    return tuple(found)


def reached(*parts: str) -> set[str]:
    """The parts of ours that these parts import, themselves left out."""
    return {item.target for item in imports() if item.part in parts and item.target} - set(parts)


def offences(allowed: set[str], *parts: str) -> list[str]:
    return [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.part in parts and item.target and item.target not in allowed | set(parts)
    ]


def test_the_rules_see_the_code():
    """The test reads what it claims to read: known imports are found, by absolute and relative name."""
    assert "domain" in reached("plan")
    assert "store" in reached("validate")
    assert any(item.name.startswith("o2c_orchestration.sandbox.company.") for item in imports())


def test_domain_imports_nothing_of_ours():
    """Values and rules stand on their own."""
    assert offences(set(), "domain") == []


def test_plan_imports_only_domain():
    """Planning is pure: rows and rules in, commands out."""
    assert offences({"domain"}, "plan") == []


def test_domain_and_plan_do_no_input_or_output():
    """No I/O, clock, Dagster or frames: only the standard library's pure parts, and pydantic for the policy's types."""
    found = [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.part in ("domain", "plan") and (item.package in IMPURE or item.package not in STANDARD | {"pydantic"})
    ]
    assert found == []


def test_domain_and_plan_ask_no_clock():
    """The same input gives the same commands at any time of day."""
    clocks = {"now", "today", "utcnow", "time", "monotonic"}
    found = [
        where
        for part, where, node in nodes()
        if part in ("domain", "plan")
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
    ]
    assert found == []


def test_store_imports_only_domain():
    """The store knows values, and no stage that uses it; signals, which import nothing, since it starts a server."""
    assert offences({"domain", "signals"}, "store") == []
    assert reached("signals") == set()


def test_clients_import_only_domain():
    """A client speaks to its system and knows neither the store nor any stage; spans, which import nothing of ours."""
    assert offences({"domain", "tracing"}, "clients") == []
    assert reached("tracing") == set()


def test_only_tracing_knows_opentelemetry():
    """One place knows its interface, and only who asked for traces has it loaded."""
    found = [item.where for item in imports() if item.package == "opentelemetry"]
    assert found
    assert [where for where in found if not where.startswith("tracing/export.py")] == []


def test_only_apply_gets_the_writer():
    """NetSuiteWriter is named by apply, by the assembly that hands it over, and by the client that defines it."""
    allowed = {"apply", "clients", "assembly", "cli"}
    named = [
        (part, where)
        for part, where, node in nodes()
        if (isinstance(node, ast.Name) and node.id == "NetSuiteWriter")
        or (isinstance(node, ast.Attribute) and node.attr == "NetSuiteWriter")
        or (isinstance(node, ast.alias) and node.name == "NetSuiteWriter")
    ]
    assert any(part == "assembly" for part, _ in named)
    assert [where for part, where in named if part not in allowed] == []


def test_only_the_preflight_asks_for_rights():
    """What sends updates of nothing to Stripe is part of no stage and of no schedule."""
    found = [item.where for item in imports() if item.name.endswith(".StripeRights") and item.part != "preflight"]
    assert found == []
    assert any(item.name.endswith(".StripeRights") for item in imports())


def test_only_reports_are_read_from_the_replica():
    """What plans, writes or compares cannot come by it: one module of the console opens it, for gaps and traces.

    Of commands by `for_reports`, of pages by `ForPages`; what either hands over is an engine that only reads.
    """
    opened = {item.where.partition(":")[0] for item in imports() if item.name.endswith(".store.replica.standby")}
    asked = {item.where.partition(":")[0] for item in imports() if item.name.endswith(".for_reports")}
    shown = {item.where.partition(":")[0] for item in imports() if item.name.endswith(".ForPages")}
    offered = {item.where.partition(":")[0] for item in imports() if item.name.endswith(".store.replica.Offer")}
    named = {
        where.partition(":")[0]
        for _, where, node in nodes()
        if isinstance(node, ast.Attribute) and node.attr == "replica_url"
    }
    assert opened == {"console/reports.py"}
    assert asked == {"cli.py", "console/gaps.py"}
    assert shown == {"console/pages.py"}
    assert offered == {"console/reports.py", "web/pages.py"}
    assert named == {"console/reports.py", "settings.py"}


def test_nobody_imports_the_outer_ring():
    """The ring imports the rest; only the entry points and the ring itself import it."""
    found = [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.target in RING and item.part not in RING | ENTRY_POINTS
    ]
    assert found == []


def test_only_the_ring_imports_the_assembly():
    """No stage can reach back to what puts the stages together."""
    found = [item.where for item in imports() if item.target == "assembly" and item.part not in RING | ENTRY_POINTS]
    assert found == []


def test_no_stage_imports_a_later_stage():
    """Data go one way, so imports never point down the way."""
    way = ["extract", "validate", "plan", "apply", "mirror", "reconcile", "alert"]
    found = [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.part in way and item.target in way and way.index(item.target) > way.index(item.part)
    ]
    assert found == []


def test_sandbox_imports_nothing_of_ours():
    """The sandbox shares no code with what it checks: a shared mistake would hide itself."""
    assert offences(set(), "sandbox") == []


def test_only_the_demo_and_the_command_line_import_the_sandbox():
    """No stage and no deployment depends on the sandbox."""
    allowed = {"console", "cli", "sandbox"}
    found = [item.where for item in imports() if item.target == "sandbox" and item.part not in allowed]
    assert found == []


def test_only_the_store_speaks_sql():
    """No statement is run and no driver imported outside the store; `Engine` may be passed through."""
    drivers = {"sqlalchemy", "psycopg", "psycopg2", "alembic", "sqlite3"}
    driver = [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.part not in {"store", "sandbox"} and item.package in drivers and item.name != "sqlalchemy.Engine"
    ]
    run = [
        where
        for part, where, node in nodes()
        if part not in {"store", "sandbox"}
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany", "exec_driver_sql"}
    ]
    cursors = [
        item.where for item in imports() if item.part != "store" and item.name.endswith((".raw_cursor", ".bulk.stage"))
    ]
    assert driver + run + cursors == []


def test_only_settings_reads_the_environment():
    """os.environ is read in settings.py alone; the console may set it, and copy it whole, for its children."""
    found = []
    for path, tree in trees().items():
        written = _writes(tree) if part_of(path) == "console" else set()
        for node in ast.walk(tree):
            if _is_environment(node) and path != Path("settings.py") and id(node) not in written:
                found.append(f"{path}:{node.lineno}")
    assert found == []


def _is_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "os" and node.attr in ("environ", "environb", "getenv")
    return isinstance(node, ast.alias) and node.name in ("environ", "getenv")


def _writes(tree: ast.Module) -> set[int]:
    """Uses of os.environ that set, remove or hand on variables: assignment, update, pop, setdefault, `**`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(id(node.value))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value.func
            if isinstance(call, ast.Attribute) and call.attr in {"update", "pop", "setdefault"}:
                found.add(id(call.value))
        elif isinstance(node, ast.Dict):
            found |= {id(value) for key, value in zip(node.keys, node.values, strict=True) if key is None}
    return found


def test_dagster_stays_in_its_place():
    """Stages know nothing of Dagster."""
    allowed = {"orchestration", "console", *ENTRY_POINTS}
    found = [
        f"{item.where} imports {item.name}"
        for item in imports()
        if item.package.startswith("dagster") and item.part not in allowed
    ]
    assert found == []


def test_a_command_starts_without_what_few_commands_need() -> None:
    """Frames, Dagster, statistics and channels are loaded where they are used: each costs a good part of a second."""
    heavy = ("pandas", "pandera", "statsmodels", "scipy", "apprise", "dagster", "opentelemetry")
    look = f"import sys, o2c_orchestration.cli; print([name for name in {heavy!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"

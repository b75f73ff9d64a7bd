"""The house's rules, held by machine: each test says in its docstring why the rule is there.

A checker is a function from one source to the lines that break its rule, so that it can be shown a snippet that does
(`VIOLATIONS`): a rule that cannot fail holds nothing.
"""

import ast
import io
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("assistant", "campaigns", "integrations", "migrations")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


Checker = Callable[[Source], list[int]]
"""From a source to the numbers of the lines that break a rule."""


@cache
def product() -> tuple[Source, ...]:
    """Every Python file that runs in production."""
    paths = (path for folder in PRODUCT for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def offences(check: Checker, excepted: Mapping[str, str] | None = None) -> list[str]:
    """`file:line` of everything that breaks the rule, except in the files and folders of `excepted`."""
    sources = [source for source in product() if not source.path.startswith(tuple(excepted or ()))]
    return [f"{source.path}:{line}" for source in sources for line in check(source)]


def needless(check: Checker, excepted: Mapping[str, str]) -> list[str]:
    """The exceptions that nothing needs any more."""
    broken_in = {source.path for source in product() if check(source)}
    return [name for name in excepted if not any(path.startswith(name) for path in broken_in)]


def transaction_calls(source: Source) -> list[int]:
    """Calls of `.commit()`, `.rollback()` and `.begin()`."""
    ending = ("commit", "rollback", "begin", "begin_nested")
    return [
        node.lineno
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ending
    ]


def functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def local_imports(source: Source) -> list[int]:
    """Imports inside functions."""
    inside = (node for function in functions(source) for node in ast.walk(function))
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})


def type_ignores(source: Source) -> list[int]:
    """Comments that silence the type checker."""
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return [t.start[0] for t in tokens if t.type == tokenize.COMMENT and re.search(r"(type|mypy):\s*ignore", t.string)]


def bare_excepts(source: Source) -> list[int]:
    """`except:` without a class."""
    return [n.lineno for n in ast.walk(source.tree) if isinstance(n, ast.ExceptHandler) and n.type is None]


def too_long(source: Source) -> list[int]:
    """Where a file or a function goes over its length."""
    over = [LONGEST_FILE + 1] if source.text.count("\n") > LONGEST_FILE else []
    return over + [f.lineno for f in functions(source) if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]


def missing_docstring(source: Source) -> list[int]:
    """A module that does not say what it does; an empty file only marks a package."""
    return [1] if source.text.strip() and not ast.get_docstring(source.tree) else []


REGISTRY = re.compile(r"index-url|https?://[^\s\"]+/simple\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/{}\-])/(?:home|root|Users|tmp|work|mnt|opt|srv|var|usr|etc)/\w")


def foreign_places(source: Source) -> list[int]:
    """Lines that name a package registry or an absolute path of a machine."""
    lines = enumerate(source.text.splitlines(), start=1)
    return [number for number, line in lines if REGISTRY.search(line) or MACHINE_PATH.search(line)]


def words_of_code(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and every text of the code with its line, without what only describes: docstrings, `description=`."""
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "description")
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str() as text) if id(node) not in said:
                yield line, text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield line, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield line, name
            case ast.keyword(arg=str() as name) | ast.ImportFrom(module=str() as name):
                yield line, name


def sandbox_words(source: Source) -> list[int]:
    """Lines whose code speaks of the sandbox."""
    return sorted({line for line, word in words_of_code(source.tree) if "sandbox" in word.lower()})


COST = re.compile(r"valor_custo|margem_aplicada|\bselect\s+(?:\w+\.)?\*", re.IGNORECASE)


def cost_words(source: Source) -> list[int]:
    """Lines whose code names the shop's cost or margin, or reads whatever columns there are."""
    return sorted({line for line, word in words_of_code(source.tree) if COST.search(word)})


OWN_TRANSACTIONS = {
    "integrations/database.py": "this is the place: `transaction()`",
    "migrations/env.py": "a lock timeout for the session, not for the first migration only, is set outside of one",
    "migrations/upgrade.py": "Alembic runs on a connection of its own, and an advisory lock outlives transactions",
    "integrations/kommo/sandbox/gate.py": "`calls.begin` notes an API call; the stand-in has no database of ours",
}
SPEAKS_OF_SANDBOX = {
    "integrations/kommo/sandbox/": "it is the sandbox",
    "assistant/cli.py": "names the command",
    "assistant/commands/sandbox.py": "is the command",
    "assistant/commands/run.py": "starts the demo",
    "assistant/supervisor.py": "starts the demo",
}
READS_COST = {"migrations/": "an empty database gets the shop's columns, these two included"}


def test_only_transaction_begins_and_ends_transactions() -> None:
    """A function that commits for its caller breaks what the caller meant to be one unit, and nobody sees it there."""
    assert offences(transaction_calls, OWN_TRANSACTIONS) == []


def test_imports_stand_at_the_top() -> None:
    """A hidden import hides a cycle and a wrong direction from the import rules, and fails in front of a customer."""
    assert offences(local_imports) == []


def test_the_type_checker_is_never_silenced() -> None:
    """A silenced line is a line whose types nobody checks again, whatever happens to it later."""
    assert offences(type_ignores) == []


def test_no_except_without_a_class() -> None:
    """It also catches cancellation and the end of the process, so a worker would not stop when told to."""
    assert offences(bare_excepts) == []


def test_files_and_functions_fit_on_a_screen() -> None:
    """Others read this to learn: 300 lines a file, 40 a function. No exceptions so far; a table of data may be one."""
    assert offences(too_long) == []


def test_every_module_says_what_it_does() -> None:
    """A reader who opens a file at random learns from its first lines what it does and what it must not do."""
    assert offences(missing_docstring) == []


def test_nothing_is_tied_to_a_place() -> None:
    """A path or a registry of somebody's machine works there and nowhere else."""
    assert offences(foreign_places) == []


def test_the_product_does_not_know_the_sandbox() -> None:
    """What asks whether it speaks to a stand-in behaves differently in production than in every test.

    Docstrings and descriptions may speak of it; names and texts of the code may not.
    """
    assert offences(sandbox_words, SPEAKS_OF_SANDBOX) == []


def test_cost_and_margin_are_read_by_nothing() -> None:
    """They never leave the shop: what no query selects, no tool can tell and no model can be talked into telling."""
    assert offences(cost_words, READS_COST) == []


def test_every_exception_is_still_needed() -> None:
    """An exception that outlived its reason lets the next offence pass."""
    rules = ((transaction_calls, OWN_TRANSACTIONS), (sandbox_words, SPEAKS_OF_SANDBOX), (cost_words, READS_COST))
    assert [name for check, excepted in rules for name in needless(check, excepted)] == []


VIOLATIONS: tuple[tuple[Checker, str], ...] = (
    (transaction_calls, "async def f(session):\n    await session.commit()"),
    (transaction_calls, "async def f(sessions):\n    async with sessions.begin(): ..."),
    (transaction_calls, "connection.rollback()"),
    (local_imports, "def f():\n    import json"),
    (local_imports, "class A:\n    async def f(self):\n        if True:\n            from json import dumps"),
    (type_ignores, "x = 1  # type: ignore[assignment]"),
    (bare_excepts, "try:\n    f()\nexcept:\n    pass"),
    (too_long, "x = 1\n" * 301),
    (too_long, "def f():\n" + "    x = 1\n" * 40),
    (missing_docstring, "x = 1"),
    (foreign_places, 'index = "https://packages.example/simple"'),
    (foreign_places, 'path = "/home/somebody/project"'),
    (foreign_places, "# see /tmp/notes.txt"),
    (sandbox_words, "if settings.is_sandbox: ..."),
    (sandbox_words, "import integrations.kommo.sandbox.app"),
    (sandbox_words, 'if "sandbox" in base_url: ...'),
    (cost_words, "query = select(OrderItem.valor_custo)"),
    (cost_words, 'query = text("SELECT i.margem_aplicada FROM ordens_servico_itens i")'),
    (cost_words, 'query = text("SELECT i.* FROM ordens_servico_itens i")'),
)
FINE: tuple[tuple[Checker, str], ...] = (
    (transaction_calls, "async def f(sessions):\n    async with transaction(sessions) as session: ..."),
    (type_ignores, 'text = "# type: ignore"'),
    (too_long, "def f():\n" + "    x = 1\n" * 39),
    (missing_docstring, ""),
    (foreign_places, 'route = "/webhooks/kommo/{secret}"'),
    (sandbox_words, '"""Not in the sandbox."""\nx = Field(description="Folder of the sandbox")'),
    (cost_words, '"""`valor_custo` is not read."""\nquery = select(OrderItem.valor_total)'),
)


@pytest.mark.parametrize(("check", "snippet"), [*VIOLATIONS, *FINE])
def test_a_checker_finds_its_violation_and_leaves_the_rest_alone(check: Checker, snippet: str) -> None:
    assert bool(check(Source("snippet.py", snippet))) is ((check, snippet) in VIOLATIONS)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import rules in a folder."""
    return subprocess.run([LINT_IMPORTS, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True)


def test_imports_point_down() -> None:
    """assistant → campaigns → integrations: what is below can be understood, and tested, without what is above."""
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


WRONG_IMPORTS = (
    ("integrations.database", "assistant"),
    ("integrations.kommo.sandbox", "integrations.database"),
    ("integrations.kommo.chats", "integrations.kommo.sandbox"),
    ("assistant.supervisor", "sqlalchemy"),
    ("integrations.workshop", "openai"),
)
"""One for each contract: the module, and what it must not import."""


@pytest.mark.parametrize(("module", "imported"), [("assistant", "campaigns"), *WRONG_IMPORTS])
def test_the_import_rules_find_a_wrong_import(module: str, imported: str, tmp_path: Path) -> None:
    """Our own contracts, on a skeleton of the modules they name: an allowed import passes, a wrong one does not."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in named_modules():
        tmp_path.joinpath(*name.split(".")).mkdir(parents=True, exist_ok=True)
    for folder in [path for path in tmp_path.rglob("*") if path.is_dir()]:
        (folder / "__init__.py").touch()
    tmp_path.joinpath(*module.split("."), "__init__.py").write_text(f"import {imported}\n")
    wrong = (module, imported) in WRONG_IMPORTS
    done = lint_imports(tmp_path)
    assert ((done.returncode != 0), ("BROKEN" in done.stdout)) == (wrong, wrong), done.stdout + done.stderr


def named_modules() -> set[str]:
    """Every module of ours that the contracts in pyproject.toml name."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    lists = ("layers", "source_modules", "forbidden_modules")
    named = {name for contract in rules["contracts"] for key in lists for name in contract.get(key, ())}
    return {name for name in named | set(rules["root_packages"]) if name.split(".")[0] in PRODUCT}

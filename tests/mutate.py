"""Mutation check: change one thing in the code at a time and see whether a test fails.

Run ``python tests/mutate.py --number 120 --tests tests/analysis tests/test_units.py -- geoconflict/analysis
geoconflict/units.py``. The first step runs the tests once and records which test executes which line
(pytest-cov); delete the file named by ``--data`` to record again. Then each mutant is tried in a forked
process with the tests that execute its line, the fastest first. Survivors are printed with their line; a
survivor needs a test, or is equivalent code. Docstrings, annotations, error messages and ``__all__`` are
not changed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import importlib.abc
import importlib.util
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = "geoconflict"
SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
# Names of which one is easily written for the other.
_PAIRS = (("lon", "lat"), ("inner", "outer"), ("first", "last"), ("start", "end"), ("left", "right"),
          ("min", "max"), ("any", "all"), ("width", "height"), ("country_a", "country_b"))  # fmt: skip
OPPOSITES = {old: new for pair in _PAIRS for old, new in (pair, pair[::-1])}
HEAVY = ("numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pydantic", "matplotlib.pyplot", "folium",
         "rasterio", "pytest")  # fmt: skip
MESSAGES = {"msg", "message", "hint"}
TEST_SECONDS = 30.0  # of recorded time to spend on one mutant
CPU_SECONDS = 60
# A crash of Python or an error inside pytest is not a failed test, and counts as a survivor.
NOTICED = ("failed", "import error", "timeout")


class Mutant(NamedTuple):
    """One change: in which file, at which node of its tree, by which of the node's changes."""

    file: Path
    node: int
    change: int
    line: int
    text: str

    def source(self) -> str:
        """Return the whole changed file."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        node = next(found for i, found in enumerate(ast.walk(tree)) if i == self.node)
        _changes(node)[self.change](node)
        return ast.unparse(ast.fix_missing_locations(tree))


def mutants(path: Path) -> Iterator[Mutant]:
    """Return each mutant of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = _skipped(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for i, change in enumerate(_changes(node)):
            twin = copy.deepcopy(node)
            change(twin)
            before, after = (ast.unparse(ast.fix_missing_locations(n)).split("\n")[0][:90] for n in (node, twin))
            line = getattr(node, "lineno", None) or node.target.lineno
            yield Mutant(path, number, i, line, f"{before}  ->  {after}")


def _skipped(tree: ast.AST) -> set[int]:
    """Return the nodes of annotations, docstrings, error messages and ``__all__``."""
    parts: list[ast.AST] = []
    for node in ast.walk(tree):
        parts += [p for p in (getattr(node, "annotation", None), getattr(node, "returns", None)) if p is not None]
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            parts.append(node.body[0])
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in MESSAGES | {"__all__"}:
            parts.append(node)
        if isinstance(node, ast.AugAssign) and getattr(node.target, "id", "") in MESSAGES:
            parts.append(node)
        if isinstance(node, ast.JoinedStr):
            parts += [part for part in node.values if isinstance(part, ast.Constant)]
            parts += [
                part.format_spec for part in node.values if isinstance(part, ast.FormattedValue) and part.format_spec
            ]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith(("Fault", "Error")):
            parts += node.args
    return {id(inner) for part in parts for inner in ast.walk(part)}


def _changes(node: ast.AST) -> list[Callable[[ast.AST], None]]:
    if isinstance(node, ast.Constant):
        return _changes_of_constant(node)
    out: list[Callable] = []
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        out.append(lambda n: n.ops.__setitem__(0, SWAPPED[type(n.ops[0])]()))
    elif isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in SWAPPED:
        out.append(lambda n: setattr(n, "op", SWAPPED[type(n.op)]()))
    elif isinstance(node, ast.Attribute) and _opposite(node.attr):
        out.append(lambda n: setattr(n, "attr", _opposite(n.attr)))
    elif isinstance(node, ast.Name) and node.id in {"min", "max", "any", "all"}:
        out.append(lambda n: setattr(n, "id", OPPOSITES[n.id]))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        out.append(lambda n: setattr(n, "operand", ast.UnaryOp(type(n.op)(), n.operand)))
    elif isinstance(node, (ast.If, ast.IfExp)):
        out.append(lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test)))
    elif isinstance(node, ast.comprehension) and node.ifs:
        out.append(lambda n: n.ifs.__setitem__(0, ast.UnaryOp(ast.Not(), n.ifs[0])))
    else:
        out += _changes_of_call(node)
    return out


def _changes_of_call(node: ast.AST) -> list[Callable[[ast.AST], None]]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return [lambda n: setattr(n, "value", ast.Constant(None))]
    if isinstance(node, ast.Call):
        return [lambda n, i=i: n.keywords.pop(i) for i, word in enumerate(node.keywords) if word.arg]
    return []


def _changes_of_constant(node: ast.Constant) -> list[Callable[[ast.AST], None]]:
    if type(node.value) is bool:
        return [lambda n: setattr(n, "value", not n.value)]
    if type(node.value) in {int, float}:
        return [lambda n: setattr(n, "value", n.value + 1)]
    if type(node.value) is str and " " not in node.value:
        return [lambda n: setattr(n, "value", _opposite(n.value) or n.value + "_")]
    return []


def _opposite(name: str) -> str | None:
    return next(
        (name.replace(old, new) for old, new in OPPOSITES.items() if old in name.split("_") or old == name), None
    )


def record(paths: list[Path], tests: list[str], data: Path) -> None:
    """Run the tests once and keep which test executes which line, and how long it takes."""
    # A file by its folder: coverage would import a module given by name, and numpy with it, a first time.
    sources = [f"--cov={path}" for path in sorted({path if path.is_dir() else path.parent for path in paths})]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sources, "--cov-context=test"]
    with _beside(data, "durations.txt").open("w", encoding="utf-8") as durations:
        subprocess.run([*command, "--cov-report=", "--durations=0", "--durations-min=0", *tests], cwd=ROOT, check=False,
                       env={**os.environ, "COVERAGE_FILE": str(data)}, stdout=durations)  # fmt: skip


def tests_of(data: Path) -> Callable[[str, int], list[str]]:
    """Return a function that gives the tests of a line, the fastest first, within the time to spend.

    A line that only runs at import has all the tests of its file.
    """
    from coverage import CoverageData

    seconds: dict[str, float] = {}
    for line in _beside(data, "durations.txt").read_text(encoding="utf-8").splitlines():
        parts = line.split(maxsplit=2)
        if len(parts) == 3 and parts[0].endswith("s") and parts[1] in {"call", "setup"}:
            seconds[parts[2]] = seconds.get(parts[2], 0.0) + float(parts[0][:-1])
    found = CoverageData(str(data))
    found.read()
    lines: dict[tuple[str, int], set[str]] = {}
    files: dict[str, set[str]] = {}
    for file in found.measured_files():
        name = str(Path(file).relative_to(ROOT))
        for line, contexts in found.contexts_by_lineno(file).items():
            names = {c.rsplit("|", 1)[0] for c in contexts if c}
            lines[name, line] = names
            files.setdefault(name, set()).update(names)

    def chosen(file: str, line: int) -> list[str]:
        out, spent = [], 0.0
        names = lines.get((file, line))
        for name in sorted(
            files.get(file, ()) if names == set() else names or (), key=lambda n: (seconds.get(n, 0), n)
        ):
            spent += seconds.get(name, 0.01)
            if out and spent > TEST_SECONDS:
                break
            out.append(name)
        return out

    return chosen


def _beside(data: Path, ending: str) -> Path:
    # Not "data.ending": coverage deletes such files.
    return data.with_name(f"{data.name}-{ending}")


def outcome(path: Path, source: str, tests: list[str]) -> str:
    """Try a changed file in a forked process; return what pytest said about it."""
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        module = _module(ROOT / path)
        sys.meta_path.insert(0, _Finder(module, source))
        status = 2
        with contextlib.suppress(BaseException), Path(os.devnull).open("w") as null:
            os.dup2(null.fileno(), 1)
            os.dup2(null.fileno(), 2)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                importlib.import_module(module)
                status = 3
                import pytest

                status = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:cov", *tests]))
        os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) == signal.SIGPROF else "crash"
    return {0: "survived", 1: "failed", 2: "import error"}.get(os.WEXITSTATUS(status), "pytest error")


class _Finder(importlib.abc.MetaPathFinder):
    """Make the import of one module give the mutant."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, _path: object, _target: object = None) -> object:
        if name != self.module:
            return None
        file = ROOT / Path(*name.split("."))
        file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        return importlib.util.spec_from_file_location(name, file, loader=_Loader(str(file), self.source))


class _Loader(importlib.abc.SourceLoader):
    def __init__(self, file: str, source: str) -> None:
        self.file, self.source = file, source

    def get_filename(self, _name: str) -> str:
        return self.file

    def get_data(self, _path: str) -> bytes:
        return self.source.encode()


def preload(files: list[Path]) -> None:
    """Import what does not depend on the files, so that every forked process has it already."""
    for name in HEAVY:
        importlib.import_module(name)
    known = {_module(file): file for file in (ROOT / PACKAGE).rglob("*.py")}
    needs = {name: _imports(name, file, known) for name, file in known.items()}
    blocked = {_module(ROOT / file) for file in files}
    while more := {name for name, needed in needs.items() if name not in blocked and needed & blocked}:
        blocked |= more
    for name in sorted(known.keys() - blocked):
        if ".cli" not in name and not name.endswith("__main__"):
            importlib.import_module(name)


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(name: str, file: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the package that a module imports, and the packages that contain it."""
    out = {name.rsplit(".", i)[0] for i in range(1, name.count("."))}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            out |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return (out & known.keys()) - {PACKAGE}


def main() -> None:
    """Try mutants, print the survivors and the rate."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="folders or files of the package")
    parser.add_argument("--tests", nargs="+", default=["tests", "--ignore=tests/browser"], help="tests to choose from")
    parser.add_argument("--number", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=ROOT / "out" / "mutation" / "coverage", help="kept between runs")
    parser.add_argument("--again", type=Path, help="mutants or survivors of an earlier run (JSON): try only these")
    options = parser.parse_args()
    os.chdir(ROOT)
    options.data.parent.mkdir(parents=True, exist_ok=True)
    if not options.data.exists():
        record(options.paths, options.tests, options.data)
    tests = tests_of(options.data)
    files = sorted(f for p in options.paths for f in ([p] if p.is_file() else p.rglob("*.py")))
    everything = [mutant for file in files for mutant in mutants(file)]
    random.Random(options.seed).shuffle(everything)  # noqa: S311 - a repeatable choice, no secret
    chosen = everything[: options.number]
    if options.again:
        wanted = Counter((m["file"], m["change"]) for m in json.loads(options.again.read_text(encoding="utf-8")))
        chosen = []
        for mutant in everything:
            if wanted[str(mutant.file), mutant.text] > 0:
                wanted[str(mutant.file), mutant.text] -= 1
                chosen.append(mutant)
        _say(f"{wanted.total()} of them are gone: their code has changed")
    _save(options.data, "mutants.json", [(mutant, "chosen") for mutant in chosen])
    preload(files)
    for file in files:
        relevant = tests(str(file), 1) or tests(str(file), 3)
        unchanged = ast.unparse(ast.parse(file.read_text(encoding="utf-8")))
        if relevant and (result := outcome(file, unchanged, relevant)) != "survived":
            sys.exit(f"{file}: its tests do not pass without a change ({result})")
    begun, counts, survivors = time.monotonic(), Counter(), []
    for mutant in chosen:
        relevant = tests(str(mutant.file), mutant.line)
        result = outcome(mutant.file, mutant.source(), relevant) if relevant else "no test"
        counts[result] += 1
        if result not in NOTICED:
            survivors.append((mutant, result))
            _say(f"{result}: {mutant.file}:{mutant.line}: {mutant.text} ({len(relevant)} tests)")
    noticed = sum(counts[result] for result in NOTICED)
    _say(f"{noticed} of {len(chosen)} mutants noticed ({noticed / max(len(chosen), 1):.1%}): {dict(counts)}; "
         f"{len(everything)} possible; {time.monotonic() - begun:.0f} s")  # fmt: skip
    _save(options.data, "survivors.json", survivors)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _save(data: Path, ending: str, found: list[tuple[Mutant, str]]) -> None:
    rows = [{"file": str(m.file), "line": m.line, "change": m.text, "outcome": result} for m, result in found]
    _beside(data, ending).write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()

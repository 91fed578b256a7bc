from __future__ import annotations

import configparser
from pathlib import Path

ROOT = Path(__file__).parents[1]


def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def listed(section: str, option: str) -> list[str]:
    return [line.strip() for line in config()[section][option].splitlines() if line.strip()]


def test_every_package_is_listed_and_those_of_the_data_are_mapped() -> None:
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "geoconflict").rglob("__init__.py")}
    packages = set(listed("options", "packages"))
    mapped = dict(line.replace(" ", "").split("=") for line in listed("options", "package_dir"))
    assert packages == found | set(mapped)
    for folder in mapped.values():
        assert (ROOT / folder).is_dir()


def test_every_data_file_is_matched_by_a_pattern() -> None:
    patterns = listed("options.package_data", "geoconflict") + listed("options.package_data", "*")
    for path in (ROOT / "geoconflict").rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc", ".nbi", ".nbc"}:
            assert any(path.match(pattern.replace("**/", "")) for pattern in patterns), path.name
    for folder in ("boundaries", "gazetteer"):
        own = listed("options.package_data", f"geoconflict._{folder}")
        for path in (ROOT / "data" / folder).iterdir():
            if path.is_file():
                assert any(path.match(pattern) for pattern in own), path.name


def test_versions_agree() -> None:
    import geoconflict

    assert config()["metadata"]["version"] == "attr: geoconflict._version.__version__"
    assert geoconflict.__version__ == geoconflict._version.__version__


def test_the_extra_all_holds_every_extra_for_users() -> None:
    extras = config()["options.extras_require"]
    inside = extras["all"].strip().removeprefix("geoconflict[").removesuffix("]").split(",")
    left_out = {"all", "test", "lint", "bench", "docs", "highres"}
    assert set(inside) == set(extras) - left_out

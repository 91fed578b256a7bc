import importlib
import pkgutil

import pytest

from geoconflict import names, reference


@pytest.mark.parametrize("room", [names, reference], ids=["names", "reference"])
def test_public_names_exist_and_no_module_has_the_name_of_one(room):
    modules = [name for _, name, _ in pkgutil.iter_modules(room.__path__)]
    for name in modules:
        importlib.import_module(f"{room.__name__}.{name}")
    assert set(modules) & set(room.__all__) == set()
    for name in room.__all__:
        assert callable(getattr(room, name)), name
    assert sorted(room.__all__) == list(room.__all__)

import importlib
import pkgutil

import pytest

from geoconflict import reference


def test_every_public_name_is_there_and_no_module_hides_one():
    modules = [name for _, name, _ in pkgutil.iter_modules(reference.__path__)]
    for name in modules:
        importlib.import_module(f"geoconflict.reference.{name}")
    assert set(modules) & set(reference.__all__) == set()
    for name in reference.__all__:
        assert callable(getattr(reference, name)), name
    assert set(reference.__all__) <= set(dir(reference))


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'borders_of'"):
        reference.borders_of  # noqa: B018 - the look-up is the test

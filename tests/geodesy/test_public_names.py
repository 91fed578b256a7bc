import inspect
import subprocess
import sys
import types

from geoconflict import geodesy


def test_public_names_are_not_hidden_by_submodules():
    modules = {name for name in geodesy.__all__ if isinstance(getattr(geodesy, name), types.ModuleType)}
    assert modules == {"verify"}


def test_public_functions_are_fully_annotated():
    functions = [value for name in geodesy.__all__ if inspect.isfunction(value := getattr(geodesy, name))]
    verify = geodesy.verify
    functions += [verify.true_distance, verify.check_distance, verify.check_buffer, verify.check_band]
    assert len(functions) > 18
    for function in functions:
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, function
        for parameter in signature.parameters.values():
            assert parameter.annotation not in (inspect.Parameter.empty, "object"), (function, parameter)


def test_importing_geodesy_does_not_import_numba():
    code = "import sys, geoconflict.geodesy; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

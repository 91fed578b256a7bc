from __future__ import annotations

import pytest

from geoconflict import errors
from geoconflict.errors import Fault, InputError, MissingExtraError, NameUnknownError, did_you_mean, nearest_names


def test_an_error_lists_its_faults_and_keeps_them_all() -> None:
    faults = [Fault(f"fault {i}", row=i) for i in range(30)]
    error = InputError("a.csv cannot be used", faults)
    assert len(error.faults) == 30
    assert "row 19: fault 19" in str(error)
    assert "row 20: fault 20" not in str(error)
    assert str(error).endswith("and 10 more")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("wrong", line=3, column=5), "line 3, column 5: wrong"),
        (Fault("wrong", row=2, field="latitude", hint="write a point"), "row 2, latitude: wrong (write a point)"),
        (Fault("wrong"), "wrong"),
    ],
)
def test_a_fault_says_where(fault: Fault, text: str) -> None:
    assert str(fault) == text


def test_every_error_of_ours_is_in_the_tree_of_the_docstring() -> None:
    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.GeoconflictError) and not name.startswith("_")
    }
    assert names
    for name in names:
        assert name in (errors.__doc__ or ""), f"{name} is not drawn in the tree"


def test_input_errors_are_value_errors_with_suggestions() -> None:
    error = NameUnknownError("no such name", suggestions=["Latvia"])
    assert isinstance(error, ValueError)
    assert error.suggestions == ("Latvia",)
    assert isinstance(MissingExtraError("figures", package="matplotlib", extra="figure"), ImportError)


def test_nearest_names_ignore_case_and_are_ordered() -> None:
    assert nearest_names("LITHUNIA", ["Latvia", "Lithuania"]) == ["Lithuania"]
    assert did_you_mean("zzz", ["Latvia"]) == ""
    assert did_you_mean("Latvi", ["Latvia", "Lativa"]) == "did you mean Latvia or Lativa?"

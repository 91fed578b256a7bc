"""The JSON Schema of a description, for editors that complete and check YAML.

The published file lies beside this module. It is written anew with
``python -m geoconflict.fortifications.schema_json``; a test holds it to the model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("defence_line.schema.json")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a description.

    Examples
    --------
    >>> schema()["title"]
    'defence line'
    """
    from geoconflict.fortifications.description import Description

    out = Description.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out}


def text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

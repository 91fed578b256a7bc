"""The page's grid references are those of NGA's GeoTrans, as the package mgrs holds it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "web" / "src" / "mgrs.js"
RUN = """
import fs from "node:fs";
import { fromMgrs, mgrs } from "./mgrs.mjs";
const places = JSON.parse(fs.readFileSync(0, "utf8"));
const out = places.map(([lon, lat]) => { const text = mgrs(lon, lat); return [text, fromMgrs(text)]; });
process.stdout.write(JSON.stringify(out));
"""


def places():
    """Return 24,000 places: over the globe, and more around Norway, Svalbard and the edges of UPS; and the edges."""
    rng = np.random.default_rng(7)
    boxes = [(-180, 180, -90, 90, 18_000), (-1, 13, 55, 65, 2_000), (-1, 43, 71, 84.5, 2_000)]
    boxes += [(-180, 180, 83.5, 90, 1_000), (-180, 180, -90, -79.5, 1_000)]
    edges = [(lon, lat) for lon in (-180, 0, 3, 6, 9, 12, 21, 33, 42) for lat in (-90, -80, 0, 56, 64, 72, 84, 90)]
    edges += [(10, -80 - 1e-6), (10, 84 + 1e-6), (10, -80 - 1e-4), (10, 84 + 1e-4)]
    return np.vstack(
        [*(np.column_stack([rng.uniform(w, e, n), rng.uniform(s, t, n)]) for w, e, s, t, n in boxes), edges]
    ).tolist()


@pytest.mark.skipif(NODE is None, reason="node runs the script outside a browser")
@pytest.mark.skipif(not SCRIPT.is_file(), reason="the sources of the page's script are not here")
def test_references_are_those_of_geotrans_and_lead_back(tmp_path):
    import mgrs

    (tmp_path / "mgrs.mjs").write_text(SCRIPT.read_text("utf-8"), "utf-8")
    (tmp_path / "run.mjs").write_text(RUN, "utf-8")
    asked = places()
    done = subprocess.run(
        [str(NODE), str(tmp_path / "run.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    geotrans = mgrs.MGRS()
    apart = 0
    for (lon, lat), (text, back) in zip(asked, json.loads(done.stdout), strict=True):
        ours, theirs = text.replace(" ", ""), geotrans.toMGRS(lat, lon)
        assert ours[:-10] == theirs[:-10], (lon, lat)
        # Where a coordinate lies on a whole metre to a micrometre, one side may cut off one metre more.
        off = [abs(int(ours[i:j]) - int(theirs[i:j])) for i, j in ((-10, -5), (-5, None))]
        assert max(off) <= 1, (lon, lat, ours, theirs)
        apart += max(off)
        metres = np.hypot(
            (back["lat"] - lat) * 111_700, ((back["lon"] - lon + 180) % 360 - 180) * 111_700 * np.cos(np.radians(lat))
        )
        assert metres < 0.75, (lon, lat, ours)
    assert apart < 50

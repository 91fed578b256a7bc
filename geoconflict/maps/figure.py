"""The printed figure: the layers of a map, drawn by matplotlib for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, InputError, MissingExtraError

if TYPE_CHECKING:
    from geoconflict.maps.webmap import Map


def figure(
    drawn: Map,
    *,
    size_mm: tuple[float, float] = (183.0, 150.0),
    graticule: bool = True,
    legend: bool = True,
) -> Any:  # noqa: ANN401 - a matplotlib Figure; matplotlib is optional
    """Return the same layers as a matplotlib ``Figure``, ready for print.

    The map is drawn in an azimuthal equal-area projection (Snyder 1987, chapter 24) centred
    on the view, and says so; a view wider than 150 degrees takes Equal Earth (Šavrič,
    Patterson and Jenny 2018). Names do not collide; a name that finds no room is left out.
    ``savefig`` writes PNG, SVG and PDF with no date and no random identifiers, so that the
    same map gives the same bytes.

    Parameters
    ----------
    drawn : Map
        The web map whose layers, title, sources and view are printed.
    size_mm : tuple of float
        Width and height of the figure.
    graticule : bool
        Whether meridians and parallels are drawn.
    legend : bool
        Whether there is a column with the legend.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the size is less than 60 by 60 mm or more than 1200.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from geoconflict.maps.layers import Places
    >>> from geoconflict.maps.webmap import Map
    >>> rukla = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> figure(Map([Places(rukla)], title="Rukla"), size_mm=(90, 90)).get_size_inches().round(2).tolist()
    [3.54, 3.54]
    """
    wrong = [
        Fault(f"{value!r} is not from 60 to 1200", field=name)
        for name, value in zip(("width", "height"), size_mm, strict=True)
        if not 60 <= value <= 1200
    ]
    if wrong:
        msg = "the size of the figure, in millimetres, cannot be drawn"
        raise InputError(msg, wrong)
    try:
        import matplotlib as mpl
    except ImportError as error:
        what = "printed figures"
        raise MissingExtraError(what, package="matplotlib", extra="figure") from error
    del mpl
    from geoconflict.maps.print.sheet import Sheet

    return Sheet(drawn, size_mm=size_mm, graticule=graticule, legend=legend).draw()

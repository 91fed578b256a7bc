"""Calls that a type checker must refuse: every line that ends in "# error"."""

import geopandas as gpd

import geoconflict as gc

table = gpd.GeoDataFrame()
gc.border(1, nonsense=True)  # error
gc.border("Lithuania")  # error
gc.border("Lithuania", "Poland", kinds="land", resolution=None, worldvew="un")  # error
gc.bands(table, ["0 km", "5 km"])  # error
gc.bands(table, 5, side="Lithuania")  # error
gc.layers.Incidents("x", wrong=1)  # error
gc.layers.Bands()  # error
gc.layers.NoSuchLayer(table)  # error
gc.Map([gc.layers.Bands(table)])  # error
gc.Map([gc.layers.Bands(table)], title=5)  # error
gc.near(table, table)  # error
gc.near(table, table, radius=None)  # error
gc.nearest(table, table, k="two")  # error
gc.count(table, table, "event_type")  # error
gc.buffer(table)  # error
gc.distance(table)  # error
gc.within(table, table, "5 km")  # error
gc.bordr("Lithuania", "Poland")  # error
gc.read_incidents(5)  # error
gc.read_fortifications("line.yaml", view="de_facto")  # error
gc.parse_length()  # error
gc.parse_coordinates(5)  # error
gc.write(table)  # error
gc.build("project.yaml")  # error
gc.ReadOptions(date_order="ymd")  # error
gc.Bounds(1, 2, 3)  # error
gc.geodesy.distance([])  # error
gc.country(["Lithuania"], wordview="un")  # error
gc.locate(table, worldviews="un")  # error

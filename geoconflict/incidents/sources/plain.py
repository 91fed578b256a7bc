"""A plain table: whatever has a place and a day, by the names that people give such columns."""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

SOURCES = (
    Source(
        name="plain",
        title="a plain table",
        columns={
            "event_id": ("event_id", "eventid", "incident_id", "event id", "id", "uuid", "uid", "entry", "code", "ref"),
            "event_date": (
                "event_date", "eventdate", "date", "day", "incident_date", "date_start", "start_date", "datetime",
                "date_time", "timestamp", "time", "when", "datum", "fecha", "дата", "data",
            ),
            "event_date_end": ("event_date_end", "date_end", "end_date", "until"),
            "time_precision": ("time_precision", "date_precision"),
            "event_type": ("event_type", "type", "category", "incident_type", "kind", "class"),
            "sub_event_type": ("sub_event_type", "subtype", "sub_type", "subcategory"),
            "actor1": ("actor1", "actor_1", "actor", "side_a", "party_a", "perpetrator"),
            "actor2": ("actor2", "actor_2", "side_b", "party_b", "target"),
            "fatalities": ("fatalities", "deaths", "killed", "dead", "best", "casualties_killed"),
            "fatalities_low": ("fatalities_low", "deaths_low", "low"),
            "fatalities_high": ("fatalities_high", "deaths_high", "high"),
            "fatalities_claimant": ("fatalities_claimant",),
            "country": ("country", "country_name", "adm0_name", "admin0", "adm0_en", "nation", "land", "pays", "país", "страна", "країна"),
            "admin1": ("admin1", "adm1_name", "adm1_en", "adm_1", "province", "region", "oblast", "state", "область"),
            "admin2": ("admin2", "adm2_name", "adm2_en", "adm_2", "district", "raion", "county"),
            "location": ("location", "place", "place_name", "town", "city", "town_city", "village", "settlement", "locality", "name_of_place", "where"),
            "geo_precision": ("geo_precision", "place_precision", "precision", "location_precision"),
            "location_uncertainty_m": ("location_uncertainty_m", "uncertainty_m", "accuracy_m", "radius_m"),
            "latitude": ("latitude", "lat", "y", "lat_dd", "latitude_dd", "lat_wgs84", "y_coord", "ycoord", "geo_lat", "широта", "breite", "latitud"),
            "longitude": (
                "longitude", "lon", "lng", "long", "x", "lon_dd", "longitude_dd", "lon_wgs84", "x_coord", "xcoord",
                "geo_lon", "geo_lng", "geo_long", "долгота", "довгота", "länge", "laenge", "longitud",
            ),
            "coordinates": (
                "coordinates", "coordinate", "coords", "coord", "geolocation", "geo", "latlon", "lat_lon", "latlong",
                "lat_long", "latlng", "lat_lng", "gps", "mgrs", "position", "point", "location_coordinates", "координаты", "координати",
            ),
            "wkt": ("wkt", "geom_wkt", "geometry", "geom", "the_geom"),
            "source": ("source", "sources", "source_name", "outlet", "reported_by"),
            "source_url": ("source_url", "url", "link", "links", "source_link", "evidence"),
            "notes": ("notes", "note", "description", "details", "summary", "brief_description", "title", "text", "comment", "comments", "remarks"),
            "licence": ("licence", "license"),
            "attribution": ("attribution",),
        },
        words={
            "event_type": {
                **{member.value: member.value for member in EventType},
                "battles": EventType.BATTLE,
                "clash": EventType.BATTLE,
                "armed clash": EventType.BATTLE,
                "explosions/remote violence": EventType.EXPLOSION,
                "shelling": EventType.EXPLOSION,
                "air strike": EventType.EXPLOSION,
                "airstrike": EventType.EXPLOSION,
                "drone strike": EventType.EXPLOSION,
                "missile strike": EventType.EXPLOSION,
                "explosion": EventType.EXPLOSION,
                "mine": EventType.EXPLOSION,
                "ied": EventType.EXPLOSION,
                "violence against civilians": EventType.VIOLENCE_AGAINST_CIVILIANS,
                "protests": EventType.PROTEST,
                "demonstration": EventType.PROTEST,
                "riots": EventType.RIOT,
                "strategic developments": EventType.STRATEGIC_DEVELOPMENT,
                "strategic development": EventType.STRATEGIC_DEVELOPMENT,
            },
            "geo_precision": {member.value: member.value for member in PlacePrecision},
            "time_precision": {member.value: member.value for member in TimePrecision},
        },
    ),
)

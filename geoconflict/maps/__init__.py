"""Maps: what layers say, drawn as a web page and as a printed figure."""

from geoconflict.maps import layers
from geoconflict.maps.basemap import Archive
from geoconflict.maps.map import Map, figure
from geoconflict.maps.scene import MapOptions, Scene
from geoconflict.maps.web.folium_layers import OfflineWarning
from geoconflict.maps.web.review import Review
from geoconflict.maps.words import LanguageWarning

__all__ = ["Archive", "LanguageWarning", "Map", "MapOptions", "OfflineWarning", "Review", "Scene", "figure", "layers"]

"""Maps: what layers say, drawn as a web page and as a printed figure."""

from geoconflict.maps import layers as layers

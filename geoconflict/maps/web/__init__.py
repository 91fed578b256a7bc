"""The web page of a map: packed data, HTML, folium layers, screenshots and the review page."""

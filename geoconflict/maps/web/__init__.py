"""The parts of the web map: packed data, the page, and folium's layers made safe."""

"""Buscapé and Zoom as their document of 2018 tells them."""

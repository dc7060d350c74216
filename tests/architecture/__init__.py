"""Rules of the layout: who may import whom, names, sizes, templates and stylesheets."""

"""How the site is served: Gunicorn, its processes, and who may keep a line open for how long."""

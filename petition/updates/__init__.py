"""Updates: news of a delivery to supporters who said yes, once to each."""

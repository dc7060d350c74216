"""What every page of this door stands on."""

"""What every page of the site stands on: settings, languages, formats, security, errors."""

"""What every model stands on; public through :mod:`detectors`."""

"""Other technologies: one module each, and an extra of the same name that brings it."""

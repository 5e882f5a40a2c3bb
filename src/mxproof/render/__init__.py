"""Reports as text and JSON; the only place that chooses layout."""

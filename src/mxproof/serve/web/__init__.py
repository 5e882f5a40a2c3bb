"""The pages of the watch: what is in its store, shown to whoever may look, as HTML, JSON and Atom."""

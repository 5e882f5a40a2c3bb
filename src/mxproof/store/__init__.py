"""What must survive: one folder for each kind of thing that is kept."""

"""Publishing: records and policies of domains altered in the safe order, each step judged, verified at every server and journalled."""

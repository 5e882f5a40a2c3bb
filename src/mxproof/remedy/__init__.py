"""What would be: changes applied to evidence, and judged as the evidence itself is judged."""

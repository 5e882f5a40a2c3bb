"""The usual rhythm of mail from each sender, learnt from counts, and the silence that is beyond chance."""

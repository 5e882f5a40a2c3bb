"""TLS reports sent: made of what was met, once its day is over, and delivered to whoever asks for them."""

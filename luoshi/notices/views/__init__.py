"""Pages of messages, of what one wishes to hear, of robots and deliveries."""

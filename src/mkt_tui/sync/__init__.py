"""What moves by itself: reads from the marketplaces, replies to them."""

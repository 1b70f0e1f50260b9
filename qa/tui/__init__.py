"""The terminal chat: receives a ready `Services` value, renders what it returns. Nothing here searches or reads SQL."""

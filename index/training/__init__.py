"""How the encoder that ships is made. Imports torch; serving never comes here."""

"""How tests' clients trust a server: read once, since reading all certificates takes 25 ms each time."""

import httpx

TRUST = httpx.create_ssl_context()

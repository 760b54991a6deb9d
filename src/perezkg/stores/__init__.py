"""Triple stores over HTTP: asked, loaded, compared, and what can go wrong there."""

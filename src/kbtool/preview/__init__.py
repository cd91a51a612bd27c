"""The live preview: a site in the browser while its articles are written."""

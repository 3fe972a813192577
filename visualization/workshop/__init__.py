"""The workshop's own server: phones join by code, one large button leads through the stages, the model runs beside."""

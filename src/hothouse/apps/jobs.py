async def handlers(settings, database, clock):
    return {}

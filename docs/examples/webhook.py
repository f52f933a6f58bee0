"""A receiver of your own: takes Vigil's webhooks, believes only what is signed, and acts on no alert twice.

    WEBHOOK_SECRET=whsec_... python docs/examples/webhook.py 8080 alerts.db

It answers 2xx only when it has kept the alerts for certain: what it did not answer, or answered otherwise, comes again
with the same key. `webhook-id` is the key of a message; each alert in it bears a key of its own, the same when another
message tells it again.
"""

import os
import sqlite3
import sys
from contextlib import suppress

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

TABLE = "CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY)"


def act(alert):
    """Put what you do here; `alert` has patient and measurements only if the route allows it."""
    print(alert["priority"], alert["subject"], alert["place"], flush=True)


def keep(database, alerts):
    """Acts on each alert that is new, and keeps that it did; a test of delivery has none worth acting on."""
    with database:
        for alert in alerts:
            if database.execute("INSERT OR IGNORE INTO told VALUES (?)", (alert["key"],)).rowcount:
                act(alert)


def application(secret, path):
    webhook, database = Webhook(secret), sqlite3.connect(path)
    database.execute(TABLE)

    async def take(request):
        try:
            payload = webhook.verify(await request.read(), dict(request.headers))  # refuses an old one as well
        except WebhookVerificationError:
            return web.Response(status=401)
        if payload["type"] == "vigil.alert":
            keep(database, payload["data"]["alerts"])
        return web.Response(status=204)

    async def close(_):
        database.close()

    app = web.Application()
    app.router.add_post("/", take)
    app.on_cleanup.append(close)
    return app


def main(port="8080", path="alerts.db"):
    web.run_app(application(os.environ["WEBHOOK_SECRET"], path), host="127.0.0.1", port=int(port), print=None)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(*sys.argv[1:])

#!/usr/bin/env python3
"""Asks a Holdfast manager over RabbitMQ to run a workflow, and waits for the answer.

Needs pika (Debian: python3-pika) and a producer:

    ./holdfast producers add acme --as USER --tenant TENANT     # prints the URL, once
    HOLDFAST_PRODUCER_URL=amqp://acme:...@host:5672/vhost \\
        python3 start_execution.py --tenant TENANT DEPLOYMENT WORKFLOW

Prints the answer as JSON. Exit codes: 0 accepted, 1 refused, 2 wrong usage, 3 no answer.
"""

import argparse
import json
import os
import sys
import time
import uuid

import pika

EXCHANGE = "holdfast.requests"
REQUEST = "request.execution.start.v1"
ACCEPTED = "reply.accepted.v1"
ACCESS_REFUSED = 403
NOT_ALLOWED = 530


def arguments():
    parser = argparse.ArgumentParser(description="Run a workflow by a message to Holdfast.")
    parser.add_argument("deployment")
    parser.add_argument("workflow")
    parser.add_argument("--tenant", default="default_tenant")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--at", metavar="TIME", help="run then, for example 2030-01-01T04:00:00Z; else at once")
    parser.add_argument("--queue", action="store_true", help="wait for the deployment to be free")
    parser.add_argument(
        "--key",
        default=str(uuid.uuid4()),
        help="names this request: the same one again, with the same content, is answered again and not run again",
    )
    parser.add_argument("--url", default=os.environ.get("HOLDFAST_PRODUCER_URL"))
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS")
    given = parser.parse_args()
    if not given.url:
        parser.error("set HOLDFAST_PRODUCER_URL or --url to what `holdfast producers add` printed")
    return given


def body_of(given):
    body = {"deployment": given.deployment, "workflow": given.workflow, "queue": given.queue}
    if given.parameter:
        body["parameters"] = dict(entry.split("=", 1) for entry in given.parameter)
    if given.at:
        body["scheduled_time"] = given.at
    return json.dumps(body, sort_keys=True)


def exchange_messages(given, body, deadline):
    """Sends the request and returns its answer; None if the deadline passes."""
    parameters = pika.URLParameters(given.url)
    client_id = parameters.credentials.username
    queue = "reply.%s.%s" % (client_id, given.key)
    with pika.BlockingConnection(parameters) as connection:
        channel = connection.channel()
        if connection.publisher_confirms_supported:
            # From here on publishing fails if the broker does not take the message. The embedded broker does not say that it
            # could: there the answer alone tells, as it does anyway.
            channel.confirm_delivery()
        channel.queue_declare(queue, durable=True)
        channel.basic_publish(
            EXCHANGE,
            "request.%s.execution.start" % given.tenant,
            body,
            pika.BasicProperties(
                type=REQUEST,
                message_id=given.key,
                correlation_id=given.key,
                reply_to=queue,
                user_id=client_id,
                content_type="application/json",
                delivery_mode=2,
            ),
            mandatory=True,
        )
        for method, properties, answer in channel.consume(queue, auto_ack=True, inactivity_timeout=1):
            if method is not None and properties.correlation_id == given.key:
                channel.cancel()
                channel.queue_delete(queue)
                return properties.type, json.loads(answer)
            if time.monotonic() > deadline:
                return None


def main():
    given = arguments()
    body = body_of(given)
    deadline = time.monotonic() + given.timeout
    pause = 0.5
    while time.monotonic() < deadline:
        try:
            answered = exchange_messages(given, body, deadline)
        except pika.exceptions.ProbableAuthenticationError as refused:
            print("the broker does not know this producer: %s" % refused, file=sys.stderr)
            return 1
        except (pika.exceptions.ChannelClosedByBroker, pika.exceptions.ConnectionClosedByBroker) as closed:
            if closed.reply_code in (ACCESS_REFUSED, NOT_ALLOWED):
                print("the broker refuses: %s" % closed, file=sys.stderr)
                return 1
            print("the broker ended it, trying again: %s" % closed, file=sys.stderr)
            answered = None
        except pika.exceptions.AMQPError as lost:
            # Nobody knows whether the request arrived: it is sent again under the same key, which cannot run it twice.
            print("lost the broker, trying again: %r" % lost, file=sys.stderr)
            answered = None
        if answered:
            kind, answer = answered
            if kind == ACCEPTED:
                print(json.dumps(answer))
                return 0
            if not answer["retryable"]:
                print(json.dumps(answer))
                return 1
            pause = max(pause, answer.get("retry_after_ms", 0) / 1000)
            print("not now (%s), trying again" % answer["detail"], file=sys.stderr)
        time.sleep(pause)
        pause = min(pause * 2, 15)
    print("no answer within %s seconds; run it again with --key %s" % (given.timeout, given.key), file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main())

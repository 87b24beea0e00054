package io.holdfast.testsupport;

import java.util.ArrayList;
import java.util.List;

/** A broker of a test's own, empty and on a free port of the loopback interface. */
public interface TestBroker extends AutoCloseable {

    /** {@code amqp://user:password@127.0.0.1:port/vhost}. */
    String url();

    /** {@code qpid} or {@code rabbitmq}. */
    String kind();

    /** Where RabbitMQ's management plugin listens; only of {@link #rabbitMqWithManagement}. */
    default String managementUrl() {
        throw new IllegalStateException("a broker of kind " + kind() + " has no management plugin");
    }

    /** Ends the broker and starts it again with what it kept: durable queues and persistent messages. */
    void restart();

    /** Ends the broker without a word, deletes everything that it had, and starts it again: as after a lost disk. */
    void restartEmpty();

    @Override
    void close();

    /** The embedded broker of a zero-install stack. */
    static TestBroker qpid() {
        return QpidTestBroker.start();
    }

    /** A RabbitMQ as a child process; skips the test where none is installed. */
    static TestBroker rabbitMq() {
        Requirements.rabbitMq();
        return RabbitMqTestBroker.start();
    }

    /** As {@link #rabbitMq}, with the management plugin. */
    static TestBroker rabbitMqWithManagement() {
        Requirements.rabbitMq();
        return RabbitMqTestBroker.startManaged();
    }

    /** For parameterised tests: every kind that this machine can run; {@code qpid} always, {@code rabbitmq} where it is installed. */
    static List<String> availableKinds() {
        List<String> kinds = new ArrayList<>();
        kinds.add("qpid");
        if (RabbitMqTestBroker.isInstalled()) {
            kinds.add("rabbitmq");
        }
        return kinds;
    }

    /** @param kind {@code qpid} or {@code rabbitmq} */
    static TestBroker of(String kind) {
        return switch (kind) {
            case "qpid" -> qpid();
            case "rabbitmq" -> rabbitMq();
            default -> throw new IllegalArgumentException("no such broker: " + kind);
        };
    }
}

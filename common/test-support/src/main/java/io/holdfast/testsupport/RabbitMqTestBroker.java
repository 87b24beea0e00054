package io.holdfast.testsupport;

/** The installed RabbitMQ as a test's broker. */
final class RabbitMqTestBroker implements TestBroker {

    private final RabbitMqServer server;

    private RabbitMqTestBroker(RabbitMqServer server) {
        this.server = server;
    }

    static boolean isInstalled() {
        return RabbitMqServer.isInstalled();
    }

    static RabbitMqTestBroker start() {
        return new RabbitMqTestBroker(RabbitMqServer.start());
    }

    static RabbitMqTestBroker startManaged() {
        return new RabbitMqTestBroker(RabbitMqServer.startManaged());
    }

    @Override
    public String managementUrl() {
        return server.managementUrl();
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public String kind() {
        return "rabbitmq";
    }

    @Override
    public void restart() {
        server.stop();
        server.startAgain();
    }

    @Override
    public void restartEmpty() {
        server.kill();
        server.wipe();
        server.startAgain();
    }

    @Override
    public void close() {
        server.close();
    }
}

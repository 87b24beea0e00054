import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a Holdfast manager over RabbitMQ to run a workflow, and waits for the answer. Needs Java 17, RabbitMQ's Java client and a
 * producer; see README.md beside this file for the one command that runs it.
 *
 * <p>Arguments: TENANT DEPLOYMENT WORKFLOW [KEY]; the producer's URL is in HOLDFAST_PRODUCER_URL. KEY names the request: the same one
 * again is answered again and not run again. Prints the answer as JSON. Exit codes: 0 accepted, 1 refused, 2 wrong usage, 3 no answer.
 */
public final class StartExecution {

    private static final String EXCHANGE = "holdfast.requests";
    private static final String ACCEPTED = "reply.accepted.v1";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int CONFIRM_MILLIS = 10_000;
    private static final int PERSISTENT = 2;

    private StartExecution() {}

    public static void main(String[] args) throws Exception {
        String url = System.getenv("HOLDFAST_PRODUCER_URL");
        if (url == null || args.length < 3 || args.length > 4) {
            System.err.println("usage: HOLDFAST_PRODUCER_URL=amqp://… java StartExecution.java TENANT DEPLOYMENT WORKFLOW [KEY]");
            System.exit(2);
        }
        String key = args.length == 4 ? args[3] : UUID.randomUUID().toString();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(url);
        // Trying again is our own affair: under the same key it is harmless.
        factory.setAutomaticRecoveryEnabled(false);
        System.exit(run(factory, args[0], body(args[1], args[2]), key));
    }

    private static int run(ConnectionFactory factory, String tenant, String body, String key) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long pauseMillis = 500;
        while (System.nanoTime() < deadline) {
            try {
                Delivery answer = exchange(factory, tenant, body, key, deadline);
                if (answer != null) {
                    String text = new String(answer.getBody(), StandardCharsets.UTF_8);
                    if (ACCEPTED.equals(answer.getProperties().getType())) {
                        System.out.println(text);
                        return 0;
                    }
                    if (!text.replace(" ", "").contains("\"retryable\":true")) {
                        System.out.println(text);
                        return 1;
                    }
                    System.err.println("not now, trying again: " + text);
                }
            } catch (AuthenticationFailureException refused) {
                System.err.println("the broker does not know this producer: " + refused.getMessage());
                return 1;
            } catch (IOException | TimeoutException | ShutdownSignalException lost) {
                if (isRefusal(lost)) {
                    System.err.println("the broker refuses: " + lost);
                    return 1;
                }
                // Nobody knows whether the request arrived: it is sent again under the same key, which cannot run it twice.
                System.err.println("lost the broker, trying again: " + lost);
            }
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(pauseMillis * 2, 15_000);
        }
        System.err.println("no answer; run it again with the key " + key);
        return 3;
    }

    /** Whether the broker has closed the channel or connection because the producer may not do this. */
    private static boolean isRefusal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException signal) {
                Method reason = signal.getReason();
                int code = reason instanceof AMQP.Channel.Close channel
                        ? channel.getReplyCode()
                        : reason instanceof AMQP.Connection.Close connection ? connection.getReplyCode() : 0;
                return code == AMQP.ACCESS_REFUSED || code == AMQP.NOT_ALLOWED;
            }
        }
        return false;
    }

    /** Sends the request and returns its answer; null if the deadline passes. */
    private static Delivery exchange(ConnectionFactory factory, String tenant, String body, String key, long deadline)
            throws IOException, TimeoutException, InterruptedException {
        String clientId = factory.getUsername();
        String queue = "reply." + clientId + "." + key;
        BlockingQueue<Delivery> answers = new LinkedBlockingQueue<>();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.queueDeclare(queue, true, false, false, Map.of());
            channel.basicConsume(queue, true, (tag, delivery) -> answers.add(delivery), tag -> {});
            channel.basicPublish(
                    EXCHANGE,
                    "request." + tenant + ".execution.start",
                    true,
                    new BasicProperties.Builder()
                            .type("request.execution.start.v1")
                            .messageId(key)
                            .correlationId(key)
                            .replyTo(queue)
                            .userId(clientId)
                            .contentType("application/json")
                            .deliveryMode(PERSISTENT)
                            .build(),
                    body.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            while (System.nanoTime() < deadline && channel.isOpen()) {
                Delivery answer = answers.poll(1, TimeUnit.SECONDS);
                if (answer != null && key.equals(answer.getProperties().getCorrelationId())) {
                    channel.queueDelete(queue);
                    return answer;
                }
            }
            return null;
        }
    }

    private static String body(String deployment, String workflow) {
        return "{\"deployment\": " + quoted(deployment) + ", \"workflow\": " + quoted(workflow) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}

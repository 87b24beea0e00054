package io.holdfast.cluster.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node of the cluster is reached, written {@code ID@HOST:PEERPORT:HTTPPORT:POSTGRESPORT:MANAGERPORT}.
 *
 * @param id lower-case letters, digits, {@code -} and {@code _}, at most 32, a letter first: it is also PostgreSQL's application name
 * @param peerPort UDP, between agents
 * @param httpPort the agent's operations
 * @param postgresPort 0 of a witness, which has no database
 * @param managerPort the manager's HTTP; 0 if none runs there
 */
public record MemberAddress(String id, String host, int peerPort, int httpPort, int postgresPort, int managerPort) {

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern FORM = Pattern.compile(
            "([^@\\s]+)@(\\[[0-9a-fA-F:.%]+]|[^:\\s\\[\\]]+):(\\d{1,5}):(\\d{1,5}):(\\d{1,5}):(\\d{1,5})");

    public MemberAddress {
        if (!ID.matcher(id).matches()) {
            throw new AgentRefused("not a node's id: " + id + "; expected " + ID.pattern());
        }
        check(id, "peer", peerPort, 1);
        check(id, "http", httpPort, 1);
        check(id, "postgres", postgresPort, 0);
        check(id, "manager", managerPort, 0);
    }

    public static MemberAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new AgentRefused("not a member: " + text
                    + "; expected ID@HOST:PEERPORT:HTTPPORT:POSTGRESPORT:MANAGERPORT, for example"
                    + " n1@10.0.0.5:7400:7401:5432:8080 (postgres port 0 for a witness)");
        }
        String host = matcher.group(2);
        return new MemberAddress(
                matcher.group(1),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(4)),
                Integer.parseInt(matcher.group(5)),
                Integer.parseInt(matcher.group(6)));
    }

    /** A member that only votes and keeps the in-sync set. */
    public boolean isWitness() {
        return postgresPort == 0;
    }

    /** The agent's HTTP, without a slash at the end. */
    public String httpUrl() {
        return "http://" + authority(httpPort);
    }

    /** The manager's HTTP, without a slash at the end; empty if none runs there. */
    public String managerUrl() {
        return managerPort == 0 ? "" : "http://" + authority(managerPort);
    }

    private String authority(int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return id + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + peerPort + ":" + httpPort + ":"
                + postgresPort + ":" + managerPort;
    }

    private static void check(String id, String which, int port, int least) {
        if (port < least || port > 65535) {
            throw new AgentRefused(id + ": the " + which + " port is " + port + ", expected " + least + " to 65535");
        }
    }
}

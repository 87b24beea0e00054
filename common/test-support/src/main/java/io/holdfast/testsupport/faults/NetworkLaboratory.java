package io.holdfast.testsupport.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Machines on one cable, as network namespaces: each has an address of its own and its own loopback, and a bridge in a namespace of its
 * own between them. Cuts are silent: packets vanish, the carrier stays up, nobody gets an error. This process is on the cable, too, so
 * that it can ask every machine.
 *
 * <p>Names begin with {@code hf} and this process's id; what an earlier, killed process left behind is removed by the next one. Not safe
 * for several threads.
 */
public final class NetworkLaboratory implements AutoCloseable {

    private static final String PREFIX = "hf";
    private static final Path NAMESPACES = Path.of("/run/netns");

    /** Nobody's: what is sent to it reaches no one. */
    private static final String NOWHERE = "02:00:00:00:ff:ff";

    /** A machine. @param address where the others reach it */
    public record Host(String name, String namespace, String address, String mac, String port) {}

    private final String id;
    private final String bridge;
    private final String network;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Thread onExit;
    private boolean closed;

    private NetworkLaboratory(String network) {
        this.id = PREFIX + ProcessHandle.current().pid();
        this.bridge = id + "-br";
        this.network = network;
        this.onExit = new Thread(this::remove, "laboratory-close");
    }

    /** What this machine lacks, in words; empty if a laboratory can be opened. */
    public static Optional<String> missing() throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root; this is the user " + System.getProperty("user.name"));
        }
        for (String program : List.of("ip", "bridge", "nsenter")) {
            if (!Commands.works("sh", "-c", "command -v " + program)) {
                return Optional.of("the program `" + program + "` is not on the PATH (Debian: iproute2, util-linux)");
            }
        }
        String probe = PREFIX + ProcessHandle.current().pid() + "-probe";
        try {
            Commands.run("ip", "netns", "add", probe);
            Commands.run("ip", "-n", probe, "link", "add", "br0", "type", "bridge");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("network namespaces with a bridge cannot be made here: " + e.getMessage());
        } finally {
            Commands.works("ip", "netns", "del", probe);
        }
    }

    /** @param names of the machines, each a few letters and digits */
    public static NetworkLaboratory open(List<String> names) throws IOException, InterruptedException {
        removeLeftOvers();
        NetworkLaboratory laboratory = new NetworkLaboratory(freeNetwork());
        Runtime.getRuntime().addShutdownHook(laboratory.onExit);
        try {
            laboratory.build(names);
        } catch (IOException | InterruptedException e) {
            laboratory.close();
            throw e;
        }
        return laboratory;
    }

    private void build(List<String> names) throws IOException, InterruptedException {
        Commands.run("ip", "netns", "add", bridge);
        // without ageing and learning delays a healed port forwards at once; nobody else is on it
        Commands.run(
                "ip", "-n", bridge, "link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0");
        Commands.run("ip", "-n", bridge, "link", "set", "br0", "up");
        int number = 0;
        for (String name : names) {
            number++;
            Host host = new Host(
                    name,
                    id + "-" + name,
                    network + number,
                    "02:00:00:00:00:0" + Integer.toHexString(number),
                    "p" + number);
            hosts.put(name, host);
            Commands.run("ip", "netns", "add", host.namespace());
            Commands.run(
                    "ip",
                    "-n",
                    bridge,
                    "link",
                    "add",
                    host.port(),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    host.namespace());
            Commands.run("ip", "-n", bridge, "link", "set", host.port(), "master", "br0", "up");
            Commands.run("ip", "-n", host.namespace(), "link", "set", "lo", "up");
            Commands.run("ip", "-n", host.namespace(), "link", "set", "eth0", "address", host.mac(), "up");
            Commands.run("ip", "-n", host.namespace(), "address", "add", host.address() + "/24", "dev", "eth0");
        }
        // our own leg; it goes when the other end's namespace does
        Commands.run("ip", "link", "add", id, "type", "veth", "peer", "name", "p0", "netns", bridge);
        Commands.run("ip", "-n", bridge, "link", "set", "p0", "master", "br0", "up");
        Commands.run("ip", "link", "set", id, "up");
        Commands.run("ip", "address", "add", network + "254/24", "dev", id);
        for (Host from : hosts.values()) {
            for (Host to : hosts.values()) {
                if (!from.equals(to)) {
                    neighbour(from, to, to.mac());
                }
            }
        }
    }

    public List<Host> hosts() {
        return List.copyOf(hosts.values());
    }

    public Host host(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no machine " + name + "; there are " + hosts.keySet());
        }
        return host;
    }

    /** The command as one of that machine; it keeps the id of the process that is started. */
    public List<String> on(Host host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + NAMESPACES.resolve(host.namespace()), "--"));
        all.addAll(command);
        return all;
    }

    /** All processes of a machine, whoever started them. */
    public List<Long> processes(Host host) throws IOException {
        Object namespace = Files.getAttribute(NAMESPACES.resolve(host.namespace()), "unix:ino");
        List<Long> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList()) {
                try {
                    if (Files.getAttribute(process.resolve("ns/net"), "unix:ino")
                            .equals(namespace)) {
                        found.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (IOException e) {
                    continue; // it has just ended
                }
            }
        }
        return found;
    }

    /** Nothing reaches or leaves the machine any more. */
    public void isolate(Host host) throws IOException, InterruptedException {
        Commands.run("bridge", "-n", bridge, "link", "set", "dev", host.port(), "state", "0");
    }

    /** Takes back {@link #isolate}. */
    public void connect(Host host) throws IOException, InterruptedException {
        Commands.run("bridge", "-n", bridge, "link", "set", "dev", host.port(), "state", "3");
    }

    /** What one sends to the other vanishes; the other direction stays as it is. */
    public void drop(Host from, Host to) throws IOException, InterruptedException {
        neighbour(from, to, NOWHERE);
    }

    /** Takes back {@link #drop}. */
    public void restore(Host from, Host to) throws IOException, InterruptedException {
        neighbour(from, to, to.mac());
    }

    /** How {@link #lose} is done here, in words; empty if the kernel or the programs cannot. */
    public Optional<String> lossBy() throws InterruptedException {
        Host any = hosts.values().iterator().next();
        if (Commands.works(tc(any, "add", "netem", "delay", "0ms"))) {
            Commands.works("tc", "-n", any.namespace(), "qdisc", "del", "dev", "eth0", "root");
            return Optional.of("netem, with jitter");
        }
        if (Commands.works("sh", "-c", "command -v nft")) {
            return Optional.of("nft, without jitter");
        }
        return Optional.empty();
    }

    /** Of all packets of all machines, so many vanish, and those of netem are late by 0 to 100 ms. @param percent below 100 */
    public void lose(int percent) throws IOException, InterruptedException {
        boolean netem = lossBy().orElse("").startsWith("netem");
        for (Host host : hosts.values()) {
            if (netem) {
                Commands.run(tc(host, "add", "netem", "loss", percent + "%", "delay", "50ms", "50ms"));
            } else {
                Commands.run(on(
                        host,
                        List.of(
                                "nft",
                                "add table ip loss; add chain ip loss in { type filter hook input priority 0; };"
                                        + " add rule ip loss in iifname eth0 numgen random mod 100 < " + percent
                                        + " drop")));
            }
        }
    }

    /** Takes back {@link #lose}. */
    public void loseNothing() throws IOException, InterruptedException {
        boolean netem = lossBy().orElse("").startsWith("netem");
        for (Host host : hosts.values()) {
            if (netem) {
                Commands.works("tc", "-n", host.namespace(), "qdisc", "del", "dev", "eth0", "root");
            } else {
                Commands.run(on(host, List.of("nft", "delete table ip loss")));
            }
        }
    }

    private static String[] tc(Host host, String what, String... more) {
        List<String> command =
                new ArrayList<>(List.of("tc", "-n", host.namespace(), "qdisc", what, "dev", "eth0", "root"));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private static void neighbour(Host from, Host to, String mac) throws IOException, InterruptedException {
        Commands.run(
                "ip",
                "-n",
                from.namespace(),
                "neigh",
                "replace",
                to.address(),
                "lladdr",
                mac,
                "nud",
                "permanent",
                "dev",
                "eth0");
    }

    /** Ends every process of the machines and removes them. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            remove();
            try {
                Runtime.getRuntime().removeShutdownHook(onExit);
            } catch (IllegalStateException e) {
                return; // the JVM is ending: this is the hook
            }
        }
    }

    private void remove() {
        try {
            removeAll(id);
        } catch (IOException e) {
            System.getLogger(NetworkLaboratory.class.getName())
                    .log(System.Logger.Level.WARNING, "network namespaces " + id + "-* are left over", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeLeftOvers() throws IOException, InterruptedException {
        for (String namespace : namespaces()) {
            int dash = namespace.indexOf('-');
            if (namespace.matches(PREFIX + "\\d+-.+")
                    && !Files.exists(Path.of("/proc", namespace.substring(PREFIX.length(), dash)))) {
                removeAll(namespace.substring(0, dash));
            }
        }
    }

    private static void removeAll(String id) throws IOException, InterruptedException {
        for (String namespace : namespaces()) {
            if (namespace.startsWith(id + "-")) {
                List<Long> pids = Commands.run("ip", "netns", "pids", namespace)
                        .lines()
                        .map(line -> Long.parseLong(line.strip()))
                        .toList();
                Commands.signal("KILL", pids);
                Commands.run("ip", "netns", "del", namespace);
            }
        }
    }

    private static List<String> namespaces() throws IOException {
        if (!Files.isDirectory(NAMESPACES)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(NAMESPACES)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** The first three numbers of one that this machine does not use. */
    private static String freeNetwork() throws IOException, InterruptedException {
        String routes = Commands.run("ip", "-4", "route", "show", "table", "all");
        for (int i = 213; i > 100; i--) {
            String network = "10." + i + ".77.";
            if (!routes.contains(" 10." + i + ".")
                    && !routes.contains("\n10." + i + ".")
                    && !routes.startsWith("10." + i + ".")) {
                return network;
            }
        }
        throw new IOException("all networks from 10.101 to 10.213 are in use");
    }
}

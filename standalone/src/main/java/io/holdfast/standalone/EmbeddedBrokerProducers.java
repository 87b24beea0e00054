package io.holdfast.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivilegedAction;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Subject;
import javax.security.auth.login.AccountNotFoundException;
import org.apache.qpid.server.model.AccessControlProvider;
import org.apache.qpid.server.model.AuthenticationProvider;
import org.apache.qpid.server.model.Connection;
import org.apache.qpid.server.model.Container;
import org.apache.qpid.server.model.PasswordCredentialManagingAuthenticationProvider;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.security.access.plugins.AclFileAccessControlProvider;
import org.apache.qpid.server.transport.AMQPConnection;
import org.jspecify.annotations.Nullable;

/**
 * The users by which the embedded broker knows external producers, and what they may do. They are kept beside the broker's messages, the
 * passwords as salted hashes (SCRAM-SHA-256), because the broker's own configuration is made anew at each start.
 */
final class EmbeddedBrokerProducers {

    private static final String OWN_USER = "holdfast";
    private static final String HMAC = "HmacSHA256";
    private static final int ITERATIONS = 4096;
    private static final int SALT_BYTES = 32;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private @Nullable Container<?> broker;
    private @Nullable Subject system;

    EmbeddedBrokerProducers(Path directory) {
        this.directory = directory;
    }

    /** @param password as the broker stores it */
    private record Entry(String password, List<String> tenants) {}

    /** The file with everybody's rights. */
    static Path rights(Path directory) {
        return directory.resolve("rights.acl");
    }

    /** From now on changes reach this broker, too. */
    synchronized void manage(Container<?> started, Principal systemPrincipal) {
        broker = started;
        system = new Subject(true, Set.of(systemPrincipal), Set.of(), Set.of());
    }

    /** The broker's first configuration with all users in it. */
    String withUsers(String configuration, String ownUser, String ownPassword) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(configuration);
        ArrayNode users =
                ((ObjectNode) root.withArray("authenticationproviders").get(0)).putArray("users");
        addUser(users, ownUser, stored(ownPassword));
        read().forEach((name, entry) -> addUser(users, name, entry.password()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void addUser(ArrayNode users, String name, String password) {
        users.addObject().put("name", name).put("type", "managed").put("password", password);
    }

    /** Makes the user, or gives the one there is this password and these tenants. */
    synchronized void put(String name, String password, List<String> tenants) {
        Map<String, Entry> all = read();
        boolean isNew = all.put(name, new Entry(stored(password), tenants)) == null;
        write(all);
        asSystem(() -> {
            try {
                if (isNew) {
                    users().createUser(name, password, Map.of());
                } else {
                    users().setPassword(name, password);
                }
            } catch (AccountNotFoundException e) {
                throw new IllegalStateException("the embedded broker has lost its user " + name, e);
            }
            rights().reload();
        });
    }

    /** Removes the user and ends its connections. Nothing happens if there is none. */
    synchronized void remove(String name) {
        Map<String, Entry> all = read();
        if (all.remove(name) == null) {
            return;
        }
        write(all);
        asSystem(() -> {
            try {
                users().deleteUser(name);
            } catch (AccountNotFoundException e) {
                throw new IllegalStateException("the embedded broker has lost its user " + name, e);
            }
            rights().reload();
            closeConnections(name);
        });
    }

    /** Rights follow from the list of producers; the services' own user has all of them, nobody else has any. */
    void writeRights() {
        writeRights(read());
    }

    private void writeRights(Map<String, Entry> all) {
        StringBuilder acl = new StringBuilder("ACL ALLOW " + OWN_USER + " ALL ALL\n");
        all.forEach((name, entry) -> {
            String allow = "ACL ALLOW " + name + " ";
            acl.append(allow).append("ACCESS VIRTUALHOST\n");
            for (String tenant : entry.tenants()) {
                acl.append(allow)
                        .append("PUBLISH EXCHANGE name=\"holdfast.requests\" routingkey=\"request.")
                        .append(tenant)
                        .append(".*\"\n");
            }
            for (String queue : List.of("reply." + name, "reply." + name + ".*")) {
                for (String operation : List.of("CREATE", "CONSUME", "PURGE", "DELETE")) {
                    acl.append(allow)
                            .append(operation)
                            .append(" QUEUE name=\"")
                            .append(queue)
                            .append("\"\n");
                }
            }
        });
        acl.append("ACL DENY ALL ALL ALL\n");
        writeSecret(rights(directory), acl.toString());
    }

    private Map<String, Entry> read() {
        Path file = list();
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            return JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, Entry>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void write(Map<String, Entry> all) {
        try {
            writeSecret(list(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
            writeRights(all);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + list(), e);
        }
    }

    private Path list() {
        return directory.resolve("producers.json");
    }

    private static void writeSecret(Path file, String content) {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(aside, content);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private void asSystem(Runnable work) {
        Subject subject = system;
        if (subject != null) {
            Subject.doAs(subject, (PrivilegedAction<Void>) () -> {
                work.run();
                return null;
            });
        }
    }

    private PasswordCredentialManagingAuthenticationProvider<?> users() {
        for (AuthenticationProvider<?> provider : container().getChildren(AuthenticationProvider.class)) {
            if (provider instanceof PasswordCredentialManagingAuthenticationProvider<?> users) {
                return users;
            }
        }
        throw new IllegalStateException("the embedded broker manages no users");
    }

    private AclFileAccessControlProvider<?> rights() {
        for (AccessControlProvider<?> provider : container().getChildren(AccessControlProvider.class)) {
            if (provider instanceof AclFileAccessControlProvider<?> rights) {
                return rights;
            }
        }
        throw new IllegalStateException("the embedded broker knows no rights");
    }

    private void closeConnections(String name) {
        for (VirtualHostNode<?> node : container().getChildren(VirtualHostNode.class)) {
            VirtualHost<?> host = node.getVirtualHost();
            if (host == null) {
                continue;
            }
            for (Connection<?> connection : host.getConnections()) {
                if (connection instanceof AMQPConnection<?> amqp
                        && name.equals(amqp.getAuthorizedPrincipal().getName())) {
                    amqp.sendConnectionCloseAsync(AMQPConnection.CloseReason.MANAGEMENT, "the producer was removed");
                }
            }
        }
    }

    private Container<?> container() {
        Container<?> running = broker;
        if (running == null) {
            throw new IllegalStateException("the embedded broker does not run");
        }
        return running;
    }

    /**
     * What the broker keeps of a password: salt, nothing, stored key, server key and iterations. Source: RFC 5802, section 3, and the
     * broker's SCRAM provider.
     */
    private String stored(String password) {
        try {
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256))
                    .getEncoded();
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            Base64.Encoder base64 = Base64.getEncoder();
            return base64.encodeToString(salt) + ",," + base64.encodeToString(storedKey) + ","
                    + base64.encodeToString(hmac(salted, "Server Key")) + "," + ITERATIONS;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }
}

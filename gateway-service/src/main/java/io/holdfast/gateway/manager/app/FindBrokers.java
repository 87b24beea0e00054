package io.holdfast.gateway.manager.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.authentication.Accounts;
import io.holdfast.http.CallerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The brokers that attached workers use. */
@ApplicationScoped
public class FindBrokers {

    private static final String CREDENTIALS = "broker_credentials";

    private final FindClusterHealth cluster;
    private final WorkerBrokerConfig config;
    private final Accounts accounts;
    private final PermissionStore permissions;

    FindBrokers(FindClusterHealth cluster, WorkerBrokerConfig config, Accounts accounts, PermissionStore permissions) {
        this.cluster = cluster;
        this.config = config;
        this.accounts = accounts;
        this.permissions = permissions;
    }

    /** @param username null, as the password: not for this caller, or none is set */
    public record Broker(
            String name,
            String host,
            int port,
            @Nullable String username,
            @Nullable String password,
            @Nullable String caCertificate) {}

    /** @throws ManagerException {@code internal_server_error} where the certificate cannot be read */
    public List<Broker> find(CallerIdentity caller) {
        boolean credentials = mayLogIn(caller);
        String username = credentials ? config.username().orElse(null) : null;
        String password = credentials ? config.password().orElse(null) : null;
        String certificate = config.caFile().map(FindBrokers::read).orElse(null);
        return config.hosts()
                .map(hosts -> hosts.stream()
                        .map(host -> new Broker(host, host, config.port(), username, password, certificate))
                        .toList())
                .orElseGet(() -> cluster.members().stream()
                        .map(member -> new Broker(
                                member.name(), member.address(), config.port(), username, password, certificate))
                        .toList());
    }

    /** A system role gives it, no role in a tenant does; nor does what an execution runs for somebody. */
    private boolean mayLogIn(CallerIdentity caller) {
        return caller.executionId() == null
                && accounts.findByName(caller.username(), null)
                        .map(found -> permissions.current().permits(found.account(), CREDENTIALS, null))
                        .orElse(false);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER,
                    "cannot read the certificate file " + file + " for workers",
                    "see holdfast.gateway.worker-broker.ca-file");
        }
    }
}

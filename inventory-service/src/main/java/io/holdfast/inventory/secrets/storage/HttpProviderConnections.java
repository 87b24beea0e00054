package io.holdfast.inventory.secrets.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.NoAnswer;
import io.holdfast.inventory.content.app.LocalAddresses;
import io.holdfast.inventory.secrets.app.ProviderConnections;
import io.holdfast.inventory.secrets.app.ProvidersConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a vault who the token is; for the others, whether their URL answers. */
@Singleton
class HttpProviderConnections implements ProviderConnections {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProvidersConfig config;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    HttpProviderConnections(ProvidersConfig config) {
        this.config = config;
    }

    @Override
    public void test(String type, Map<String, String> parameters) {
        boolean vault = type.equals("vault");
        URI base = url(required(parameters, "url"));
        if (!config.allowLocal()) {
            refuseLocal(base);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        vault
                                ? URI.create(base.toString().replaceFirst("/+$", "") + "/v1/auth/token/lookup-self")
                                : base)
                .timeout(PATIENCE)
                .GET();
        if (vault) {
            String token = required(parameters, "token");
            try {
                request.header("X-Vault-Token", token);
            } catch (IllegalArgumentException e) {
                throw bad("the connection parameter `token` has characters that no token has", null);
            }
        }
        int status = status(base, request.build());
        if (status >= 400) {
            throw bad(
                    "the secrets provider at " + base + " answered " + status,
                    status == 403 ? "see whether the token is valid" : null);
        }
    }

    private static void refuseLocal(URI base) {
        try {
            Optional<InetAddress> local = LocalAddresses.of(base);
            if (local.isPresent()) {
                throw bad(
                        "the secrets provider at " + base + " is at the address "
                                + local.get().getHostAddress()
                                + " of the manager itself or of its link, which is not allowed",
                        "give the address of a vault in the network, or set"
                                + " holdfast.inventory.secrets-providers.allow-local");
            }
        } catch (UnknownHostException e) {
            throw unreachable(base, e);
        }
    }

    private int status(URI base, HttpRequest request) {
        try {
            HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
            return response.statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(base, e);
        } catch (IOException e) {
            throw unreachable(base, e);
        }
    }

    private static String required(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null || value.isBlank()) {
            throw bad("the connection parameter `" + name + "` is missing", null);
        }
        return value;
    }

    private static URI url(String text) {
        try {
            URI uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The refusal below says what is expected.
        }
        throw bad("the connection parameter `url` is no URL", "http://… or https://…");
    }

    private static ManagerException unreachable(URI base, Exception e) {
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "the secrets provider at " + base + " cannot be reached: " + NoAnswer.why(e),
                null,
                e);
    }

    private static ManagerException bad(String detail, @Nullable String hint) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, hint);
    }
}

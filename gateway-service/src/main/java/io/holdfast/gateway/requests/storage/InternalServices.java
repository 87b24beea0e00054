package io.holdfast.gateway.requests.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.requests.Call;
import io.holdfast.gateway.requests.app.OwningServices;
import io.holdfast.gateway.requests.app.RequestsConfig;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Signed calls over HTTP. */
@ApplicationScoped
public class InternalServices implements OwningServices {

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final InternalHttp http;
    private final ObjectMapper json;
    private final Duration timeout;

    public InternalServices(InternalHttp http, ObjectMapper json, RequestsConfig config) {
        this.http = http;
        this.json = json;
        this.timeout = config.callTimeout();
    }

    @Override
    public Map<String, Object> ask(CallerIdentity caller, String service, Call call, String internalPath) {
        String path = internalPath.substring(("/internal/" + service).length());
        String deployment = call.deployment();
        String query =
                deployment == null ? "" : "?deployment_id=" + URLEncoder.encode(deployment, StandardCharsets.UTF_8);
        byte[] answer = http.to(service)
                .as(caller)
                .timeout(timeout)
                .exchange(call.method(), path + query, call.body())
                .body();
        if (answer.length == 0) {
            return Map.of();
        }
        try {
            return json.readValue(answer, OBJECT);
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER, service + "-service answered with something unreadable", null, e);
        }
    }
}
